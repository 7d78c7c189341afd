# Sourced by the scripts beside it: what they all need to know of an engine in a folder.
#
# An engine has all of its own: a folder (data, sockets, logs), a network namespace, pids written down in the folder.
# Nothing it does reaches the machine's interfaces or packet filter, no container can reach anything outside, and only
# what the folder's own pid files name is ever ended.

say() { printf 'engine: %s\n' "$*"; }
die() { printf 'engine: %s\n' "$*" >&2; exit 1; }

# in_namespace DIR COMMAND…: where published ports and the registry are
in_namespace() { local dir=$1; shift; nsenter --net="$dir/netns" "$@"; }

# api DIR PATH [CURL OPTION…]: one call of the Engine API
api() { local dir=$1 path=$2; shift 2; curl --silent --fail --max-time 5 --unix-socket "$dir/docker.sock" "$@" "http://engine$path"; }

# runs PID: the process is there and is no zombie
runs() { [ -n "${1:-}" ] && [ -e "/proc/$1/stat" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null; }

# pid_of FILE DIR: the pid in a file, if it is still the process that was started for this folder
pid_of() {
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 1
  runs "$pid" && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "$2/" && echo "$pid"
}

# within SECONDS COMMAND…: tries until it succeeds
within() {
  local end=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

# gone PID: for `within`
gone() { ! runs "$1"; }

# end_process FILE DIR SECONDS: asks it to end, then makes it
end_process() {
  local pid
  pid=$(pid_of "$1" "$2") || { rm -f "$1"; return 0; }
  kill -CONT "$pid"
  kill -TERM "$pid"
  within "$3" gone "$pid" || { say "pid $pid did not end in $3 s: killed"; kill -KILL "$pid"; within 5 gone "$pid"; }
  rm -f "$1"
}

# absolute DIR: the folder, which names its processes, always spelled the same way
absolute() { realpath --canonicalize-missing "$1"; }
