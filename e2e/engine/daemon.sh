#!/bin/bash
# daemon.sh DIR start|stop|kill|hang|resume: what can happen to the daemon of an engine that up.sh made.
#   stop: SIGTERM, as at a shutdown    kill: SIGKILL, as at a crash    hang: SIGSTOP    resume: SIGCONT
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/lib.sh"
dir=$(absolute "$1") what=$2
[ -f "$dir/path" ] || die "no engine in $dir: up.sh makes one"
pid=$(pid_of "$dir/dockerd.pid" "$dir") || pid=

start() {
  local tls=() certificates
  if certificates=$(cat "$dir/certificates" 2>/dev/null); then
    tls=(--host tcp://127.0.0.1:2376 --tlsverify --tlscacert "$certificates/ca.pem"
      --tlscert "$certificates/server-cert.pem" --tlskey "$certificates/server-key.pem")
  fi
  [ -z "$pid" ] || die "the daemon in $dir runs already, as $pid"
  # After a crash the files are still there. The daemon would not start, or wait for a containerd that is a zombie.
  rm -f "$dir/dockerd.pid" "$dir/exec/containerd/containerd.pid"
  PATH=$(cat "$dir/path") setsid nsenter --net="$dir/netns" dockerd --config-file "$dir/daemon.json" \
    --host "unix://$dir/docker.sock" "${tls[@]}" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/dockerd.pid" \
    --storage-driver overlay2 --bip 198.51.100.1/24 \
    --default-address-pool base=203.0.113.0/24,size=28 --default-address-pool base=198.18.0.0/16,size=24 \
    >>"$dir/log/dockerd.log" 2>&1 </dev/null &
  within 60 api "$dir" /_ping || {
    grep -vE 'level=(debug|info)' "$dir/log/dockerd.log" | tail -8 >&2
    die "the daemon did not come up"
  }
}

# its containerd dies with it
kill_all() {
  local containerd
  containerd=$(pid_of "$dir/exec/containerd/containerd.pid" "$dir") || containerd=
  kill -KILL "$pid"
  within 10 gone "$pid"
  [ -z "$containerd" ] || within 10 gone "$containerd"
}

case $what in
  start) start ;;
  stop) end_process "$dir/dockerd.pid" "$dir" 60 ;;
  kill) [ -n "$pid" ] || die "no daemon runs in $dir"; kill_all ;;
  hang) [ -n "$pid" ] || die "no daemon runs in $dir"; kill -STOP "$pid" ;;
  resume) [ -n "$pid" ] || die "no daemon runs in $dir"; kill -CONT "$pid" ;;
  *) die "start, stop, kill, hang or resume, not $what" ;;
esac
