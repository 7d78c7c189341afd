#!/bin/bash
# up.sh [-e 20|28] [-c CACHE] [-r] [-t CERTIFICATES] DIR: a Docker engine in a network namespace of its own, with no systemd and no internet.
#   -e  release: 20 (API 1.41, Debian bookworm's; the default) or 28 (API 1.51, Debian forky's)
#   -c  where an engine that is not installed is unpacked (default: target/engines)
#   -r  also a registry on 127.0.0.1:5000 in the namespace
#   -t  also listens on 127.0.0.1:2376 in the namespace, by TLS for those whose certificate it knows: the folder of ca.pem,
#       server-cert.pem and server-key.pem, which are read at each start
# Its socket is DIR/docker.sock, reachable from everywhere; the docker command of its release is DIR/docker.
# down.sh DIR ends it and removes all of it. Needs root.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/lib.sh"

release=20 registry= certificates= cache=$here/../../target/engines
while getopts e:c:rt: option; do
  case $option in
    e) release=$OPTARG ;;
    c) cache=$OPTARG ;;
    r) registry=1 ;;
    t) certificates=$(absolute "$OPTARG") ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# = 1 ] || die "say the folder: up.sh [-e 20|28] [-c CACHE] [-r] [-t CERTIFICATES] DIR"
dir=$(absolute "$1")
[ "$(id -u)" = 0 ] || die "an engine needs root"
[ ! -e "$dir/path" ] || die "there is an engine in $dir already: down.sh $dir"

path=$("$here/fetch.sh" "$release" "$cache")
mkdir -p "$dir/log" "$dir/config"
echo "$path" >"$dir/path"
[ -z "$certificates" ] || echo "$certificates" >"$dir/certificates"
# in a file, not a flag: a flag that the file has too is an error, and only the file is read again at SIGHUP
echo '{"debug": true}' >"$dir/daemon.json"
# a client of the same release, with no settings of the person who runs it
printf '#!/bin/sh\nexport DOCKER_HOST=unix://%s/docker.sock DOCKER_CONFIG=%s/config DOCKER_BUILDKIT=0\nunset DOCKER_CONTEXT\nexec %s "$@"\n' \
  "$dir" "$dir" "$(PATH=$path command -v docker)" >"$dir/docker"
chmod +x "$dir/docker"

# not `ip netns`: that remounts /sys and hides the control groups
touch "$dir/netns"
unshare --net="$dir/netns" true
in_namespace "$dir" ip link set lo up
"$here/daemon.sh" "$dir" start

if [ -n "$registry" ]; then
  printf 'version: 0.1\nlog: {level: warn}\nstorage: {filesystem: {rootdirectory: %s/registry}, delete: {enabled: true}}\nhttp: {addr: "127.0.0.1:5000"}\n' "$dir" >"$dir/registry.yml"
  setsid nsenter --net="$dir/netns" docker-registry serve "$dir/registry.yml" >"$dir/log/registry.log" 2>&1 </dev/null &
  echo $! >"$dir/registry.pid"
  within 10 in_namespace "$dir" curl --silent --fail http://127.0.0.1:5000/v2/ || die "the registry did not come up: $(tail -3 "$dir/log/registry.log")"
fi
say "$("$dir/docker" version --format '{{.Server.Version}}, API {{.Server.APIVersion}}') at unix://$dir/docker.sock"
