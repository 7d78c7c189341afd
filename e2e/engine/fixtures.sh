#!/bin/bash
# fixtures.sh DIR: images and one container in each state, in an engine that up.sh made. No registry is asked.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/lib.sh"
dir=$(absolute "$1")
docker() { "$dir/docker" "$@"; }
"$here/box.sh" "$dir"
root=$dir/rootfs

# checked:1: built, with a health check and layers that it shares with box:1
mkdir -p "$dir/build"
cat >"$dir/build/Dockerfile" <<'DOCKERFILE'
FROM box:1
RUN dd if=/dev/urandom of=/blob bs=1M count=3 2>/dev/null
LABEL org.opencontainers.image.title=checked
HEALTHCHECK --interval=1s --timeout=2s --retries=2 CMD test -f /tmp/ok
EXPOSE 80/tcp
CMD ["/bin/sh", "-c", "touch /tmp/ok; exec sleep 100000"]
DOCKERFILE
docker build -q -t checked:1 "$dir/build" >"$dir/log/build.log" 2>&1 || { cat "$dir/log/build.log" >&2; die "checked:1 could not be built"; }

shop() { # SERVICE: the labels that docker compose gives
  local label=com.docker.compose
  printf -- '--label %s ' $label.project=shop $label.service="$1" $label.container-number=1 $label.oneoff=False \
    $label.project.working_dir=/srv/shop $label.project.config_files=/srv/shop/compose.yaml
}
docker network create --label com.docker.compose.project=shop shop_default >/dev/null
docker volume create --label com.docker.compose.project=shop shop_data >/dev/null
docker volume create unused >/dev/null

run() { docker run --detach "$@" >/dev/null; }
# shellcheck disable=SC2046 # lists of words
{
  run --name shop-web-1 $(shop web) --network shop_default -p 127.0.0.1:18080:80 -v "$root/www:/www:ro" --memory 64m box:1 httpd -f -p 80 -h /www
  run --name shop-db-1 $(shop db) --network shop_default -v shop_data:/data --memory 128m --pids-limit 50 \
    box:1 sh -c 'while :; do dd if=/dev/zero of=/data/f bs=64k count=64 conv=fsync 2>/dev/null; sleep 1; done'
}
run --name healthy-1 --init checked:1
run --name sick-1 checked:1 sleep 100000
run --name quiet-1 box:1 sleep 100000
run --name paused-1 box:1 sleep 100000
docker pause paused-1 >/dev/null
docker run --name exited-0 box:1 true
docker run --name exited-3 box:1 sh -c 'exit 3' || true
docker run --name oom-1 --memory 16m --memory-swap 16m box:1 sh -c 'x=$(yes | head -c 64m); echo $x' >/dev/null 2>&1 || true
run --name crashloop-1 --restart always box:1 sh -c 'sleep 0.5; exit 1'
docker create --name created-1 box:1 true >/dev/null
run --name killed-1 box:1 sleep 100000
docker kill killed-1 >/dev/null
say "$(docker ps --all --quiet | wc -l) containers, $(docker images --quiet | wc -l) images"
