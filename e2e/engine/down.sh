#!/bin/bash
# down.sh DIR: ends the engine that up.sh made there, whatever state it is in, and removes all of it.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/lib.sh"
[ $# = 1 ] || die "say the folder: down.sh DIR"
dir=$(absolute "$1")
[ -e "$dir" ] || exit 0
[ -e "$dir/netns" ] || [ -e "$dir/path" ] || die "$dir is no engine's folder"

if pid=$(pid_of "$dir/dockerd.pid" "$dir"); then kill -CONT "$pid"; fi
# removed one by one, the containers are gone in a second; the daemon's own shutdown would wait for each to end
if api "$dir" /_ping >/dev/null 2>&1; then
  api "$dir" '/containers/json?all=1' | grep -oE '"Id":"[0-9a-f]{64}"' | cut -d'"' -f4 |
    xargs -r -P 4 -n 1 sh -c 'curl --silent --max-time 30 --output /dev/null -X DELETE --unix-socket "$0/docker.sock" "http://engine/containers/$1?force=1&v=1"' "$dir" || true
fi
end_process "$dir/dockerd.pid" "$dir" 30
end_process "$dir/registry.pid" "$dir" 5

# A killed daemon leaves containers behind. Their shims carry the folder in their command lines.
for cmdline in /proc/[0-9]*/cmdline; do
  { words=$(tr '\0' '\n' <"$cmdline"); } 2>/dev/null || continue
  case $words in *containerd-shim*"$dir/exec/"*) ;; *) continue ;; esac
  shim=${cmdline#/proc/} shim=${shim%/cmdline}
  id=$(grep --after-context=1 --line-regexp -e -id <<<"$words" | tail -1)
  { echo THAWED >"/sys/fs/cgroup/freezer/docker/$id/freezer.state"; } 2>/dev/null || true
  inside=$(cat /sys/fs/cgroup/*/docker/"$id"/cgroup.procs 2>/dev/null | sort -u) || true
  # shellcheck disable=SC2086 # a list of pids
  kill -KILL $shim $inside 2>/dev/null || true
  within 5 gone "$shim" || true
done

awk -v prefix="$dir/" 'index($2, prefix) == 1 { print $2 }' /proc/mounts | sort --reverse | while read -r mount; do umount --lazy "$mount"; done
# the groups of containers that are gone; one that is in use stays
find /sys/fs/cgroup/*/docker -mindepth 1 -depth -type d -exec rmdir {} \; 2>/dev/null || true
rm -rf "$dir"
say "ended and removed $dir"
