#!/bin/bash
# record.sh: asks a real engine which events each filter of cases.in lets through.
#
# Makes a bit of life on the engine that DOCKER_HOST names (an empty one, that may be written to), then lets
# `docker events` print all of it, and again with each filter. Writes, beside itself:
#   events.ndjson   what happened, one event a line
#   cases.tsv       filter, tab, the numbers of the lines it lets through
set -euo pipefail
cd "$(dirname "$0")"
docker=${DOCKER:-docker}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/root/bin"
cp /bin/busybox "$work/root/bin/"
for applet in sh sleep true test; do ln -s busybox "$work/root/bin/$applet"; done
tar -C "$work/root" -c . >"$work/root.tar"

since=$(date +%s.%N)
run() { "$docker" "$@" >/dev/null; }

run import -c 'ENV PATH=/bin' -c 'LABEL made=here' "$work/root.tar" fx:1
run tag fx:1 fx:2
run tag fx:1 127.0.0.1:5000/team/app:v1
run tag fx:1 library/thing:latest
run network create web-net
run volume create web-data
run volume create fx
run run -d --name web --label tier=front --label team=a --label 'note=two words' --label empty= --label eq=a=b \
  --network web-net -v web-data:/data fx:1 sleep 1000
run run -d --name web-2 --label tier=front -v fx:/data fx:2 sleep 1000
run run -d --name data --label tier=back library/thing:latest sleep 1000
run rename data base
"$docker" exec web sh -c 'exit 3' || true
"$docker" exec web true
run pause web-2
run unpause web-2
"$docker" run --name short 127.0.0.1:5000/team/app:v1 sh -c 'exit 3' || true
run run -d --name probe --health-cmd 'test -d /' --health-interval 1s fx:1 sleep 1000
until [ "$("$docker" inspect -f '{{.State.Health.Status}}' probe)" = healthy ]; do sleep 0.1; done
run kill probe
run kill web-2
run stop -t 0 web
run start web
run commit base saved:1
web=$("$docker" inspect -f '{{.Id}}' web)
net=$("$docker" network inspect -f '{{.Id}}' web-net)
image=$("$docker" image inspect -f '{{.Id}}' fx:1)
run rm -f web
run rm web-2
run container prune -f
run rm -f base
run rmi saved:1
run rmi library/thing:latest 127.0.0.1:5000/team/app:v1
run rmi fx:2 fx:1
run network rm web-net
run volume rm web-data
run volume rm fx
run network prune -f
run volume prune -f
run image prune -f
run builder prune -f
until=$(date +%s.%N)

events() { "$docker" events --since "$since" --until "$until" --format '{{json .}}' "$@"; }
events >events.ndjson

while IFS= read -r line; do
  line=${line//'{web}'/${web:0:12}}
  line=${line//'{net}'/${net:0:12}}
  line=${line//'{image}'/$image}
  short=${image#sha256:}
  line=${line//'{shortimage}'/${short:0:12}}
  # our quotes are the shell's
  eval "terms=($line)"
  arguments=()
  for term in "${terms[@]}"; do arguments+=(--filter "$term"); done
  events "${arguments[@]}" >"$work/passed"
  printf '%s\t%s\n' "$line" "$(grep -nxFf "$work/passed" events.ndjson | cut -d: -f1 | paste -sd' ' || true)"
done <cases.in >cases.tsv
