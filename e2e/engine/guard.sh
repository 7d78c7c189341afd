#!/bin/bash
# guard.sh DIR: waits until whoever started it closes its standard input, by intent or by dying, then takes the engine down.
# Started in a session of its own, so that Ctrl-C in the terminal does not end it first.
set -u
while read -r _; do :; done
exec "$(dirname "$(realpath "$0")")/down.sh" "$1"
