#!/bin/bash
# record.sh: makes the events that the stories are told of, on a real engine.
#
# Runs one scene after the other on the engine that DOCKER_HOST names (an empty one, that may be written to), with the
# docker command and `docker compose` (DOCKER, COMPOSE). Writes, beside itself, one file for each scene: SCENE.ndjson,
# what `docker events` printed, one event a line. `../stories.rs` says which stories they tell.
set -euo pipefail
cd "$(dirname "$0")"
docker=${DOCKER:-docker}
compose=${COMPOSE:-docker compose}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/root/bin"
cp /bin/busybox "$work/root/bin/"
for applet in sh sleep true test tail; do ln -sf busybox "$work/root/bin/$applet"; done
tar -C "$work/root" -c . >"$work/root.tar"
run() { "$docker" "$@" >/dev/null; }
try() { "$docker" "$@" >/dev/null 2>&1 || true; }
run import -c 'ENV PATH=/bin' "$work/root.tar" fx:1
run import -c 'ENV PATH=/bin' -c 'LABEL version=2' "$work/root.tar" fx:2

scene() { # NAME FUNCTION
  local since until
  sleep 0.3
  since=$(date +%s.%N)
  "$2"
  sleep 1
  until=$(date +%s.%N)
  "$docker" events --since "$since" --until "$until" --format '{{json .}}' >"$1.ndjson"
}
await() { # COMMAND...
  for _ in $(seq 300); do "$@" && return; sleep 0.1; done
  echo "never: $*" >&2
  exit 1
}
restarts() { [ "$("$docker" inspect -f '{{.RestartCount}}' "$1")" -ge "$2" ]; }

# ends at SIGTERM, with 143
polite() { run run -d --name "$1" "${@:2}" fx:1 sh -c 'trap "exit 143" TERM; while :; do sleep 0.1; done'; }

restart() { run restart -t 5 web; }
stop() { run stop -t 5 web; }
start() { run start web; }
stop_slowly() { run stop -t 2 stubborn; }
signal() { run kill -s HUP web; }
kill_it() { run kill web; }
rm_force() { run rm -f web; }
crash_loop() {
  run run -d --name loop --restart always fx:1 sh -c 'exit 3'
  await restarts loop 4
  run rm -f loop
}
out_of_memory() { try run --name hungry -m 8m --memory-swap 8m fx:1 tail /dev/zero; run rm hungry; }
killed_from_outside() {
  run run -d --name victim fx:1 sleep 1000
  sleep 11 # long enough that the start is another story
  kill -9 "$("$docker" inspect -f '{{.State.Pid}}' victim)"
  await test "$("$docker" inspect -f '{{.State.Running}}' victim)" = false
  run rm victim
}
probes() {
  run run -d --name probed --health-cmd 'test -d /' --health-interval 1s fx:1 sleep 1000
  await healthy probed
  sleep 2.5
  "$docker" exec probed sh -c 'echo mine' >/dev/null
  # word for word the health check's own
  "$docker" exec probed /bin/sh -c 'test -d /'
  sleep 2.5
  run rm -f probed
}
healthy() { [ "$("$docker" inspect -f '{{.State.Health.Status}}' "$1")" = healthy ]; }
recreate() {
  run run -d --name api -e OLD=1 fx:1 sleep 1000
  sleep 1
  run rm -f api
  run run -d --name api -e NEW=1 fx:2 sleep 1000
}
run_rm() { run run --rm -v /data -v named:/named fx:1 true; }
prune() {
  for name in one two; do run run --name "$name" fx:1 true; done
  run network create unused
  run volume create spare
  sleep 1
  run system prune -f --volumes
}

mkdir "$work/shop"
cat >"$work/shop/compose.yaml" <<'YAML'
services:
  web: { image: "fx:1", command: sleep 1000, stop_grace_period: 0s, depends_on: [db] }
  db: { image: "fx:1", command: sleep 1000, stop_grace_period: 0s, volumes: ["data:/data"] }
  cache: { image: "fx:1", command: sleep 1000, stop_grace_period: 0s }
volumes: { data: {} }
YAML
shop() { (cd "$work/shop" && $compose -p shop "$@" >/dev/null 2>&1); }
compose_up() { shop up -d; }
compose_restart() { shop restart -t 0; }
compose_recreate() { shop up -d --force-recreate; }
compose_one() {
  sed -i 's/web: { image: "fx:1"/web: { image: "fx:2"/' "$work/shop/compose.yaml"
  shop up -d
}
compose_stop() { shop stop -t 0; }
compose_down() { shop down -v -t 0; }

polite web
run run -d --name stubborn fx:1 sleep 1000
scene restart restart
scene stop stop
scene start start
scene signal signal
scene stop-slowly stop_slowly
sleep 11
scene kill kill_it
run start web
scene rm-force rm_force
scene crash-loop crash_loop
scene out-of-memory out_of_memory
scene killed-from-outside killed_from_outside
scene probes probes
scene recreate recreate
scene run-rm run_rm
scene prune prune
scene compose-up compose_up
sleep 16
scene compose-restart compose_restart
sleep 16
scene compose-recreate compose_recreate
sleep 16
scene compose-one compose_one
sleep 16
scene compose-stop compose_stop
sleep 16
scene compose-down compose_down
run rm -f stubborn api
run rmi fx:1 fx:2
