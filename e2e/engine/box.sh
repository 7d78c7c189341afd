#!/bin/bash
# box.sh DIR: the image box:1, a shell and its tools, in an engine that up.sh made; imported as it lies here, once.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/lib.sh"
dir=$(absolute "$1")
! "$dir/docker" image inspect box:1 >/dev/null 2>&1 || exit 0
busybox=$(command -v busybox) || die "busybox is missing"

root=$dir/rootfs
mkdir -p "$root"/{bin,etc,tmp,proc,sys,dev,www}
cp "$busybox" "$root/bin/busybox"
for applet in $("$busybox" --list); do [ "$applet" = busybox ] || ln -sf busybox "$root/bin/$applet"; done
echo 'root:x:0:0::/:/bin/sh' >"$root/etc/passwd"
echo hello >"$root/www/index.html"
tar -C "$root" -c . | "$dir/docker" import -c 'ENV PATH=/bin' -c 'CMD ["/bin/sh"]' - box:1 >/dev/null ||
  die "box:1 could not be imported (is $busybox the one of busybox-static?)"
