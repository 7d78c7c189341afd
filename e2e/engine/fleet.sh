#!/bin/bash
# fleet.sh DIR COUNT: a fleet as a home server has it, fleet-001 to fleet-COUNT, in an engine that up.sh made. Those that
# are there already stay. Most only wait; of each ten one computes a little and uses some memory, one uses the network.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/lib.sh"
dir=$(absolute "$1") count=$2
"$here/box.sh" "$dir"
gateway=$("$dir/docker" network inspect bridge --format '{{(index .IPAM.Config 0).Gateway}}')

# shellcheck disable=SC2016 # for the shell of the container
compute='while :; do x=$(head -c $((RANDOM * 8)) /dev/zero | tr "\0" x); sleep 1; done'
for number in $(seq -w 001 "$count"); do
  name=fleet-$number
  [ -z "$(api "$dir" "/containers/$name/json" 2>/dev/null)" ] || continue
  case $number in
    *3) printf '%s\0%s\0' "$name" "$compute" ;;
    *7) printf '%s\0%s\0' "$name" "exec ping -q $gateway" ;;
    *) printf '%s\0%s\0' "$name" 'exec sleep 1000000' ;;
  esac
  # shellcheck disable=SC2016 # for the shell that xargs starts
done | xargs -0 -r -P 4 -n 2 sh -c '"$0" run --detach --name "$1" box:1 sh -c "$2" >/dev/null' "$dir/docker"
say "a fleet of $count"
