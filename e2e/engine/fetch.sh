#!/bin/bash
# fetch.sh RELEASE CACHE: makes sure of an engine of this release (20 or 28); prints the PATH that has it.
#
# The installed engine is used if it is of that release. Otherwise the packages of the Debian suite that has it are
# unpacked under CACHE: not installed, and apt's own state on the machine stays as it is.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/lib.sh"
release=$1 cache=$(absolute "$2")

case $release in
  20) suite=bookworm packages="docker.io containerd" ;;
  28) suite=forky packages="docker.io docker-cli containerd" ;;
  *) die "no engine of release $release: 20 or 28" ;;
esac

of_release() { # PATH
  [[ "$(PATH=$1 dockerd --version 2>/dev/null)" == "Docker version $release."* ]] &&
    [[ "$(PATH=$1 docker --version 2>/dev/null)" == "Docker version $release."* ]]
}

installed=/usr/sbin:/usr/bin:/sbin:/bin
if of_release $installed; then echo $installed; exit 0; fi

tree=$cache/$suite
path=$tree/root/usr/sbin:$tree/root/usr/bin:$installed
if ! of_release "$path"; then
  say "fetching $packages of Debian $suite" >&2
  command -v apt-get >/dev/null || die "there is no apt-get here to fetch an engine with"
  # without release info, and by its address: a new machine has fetched no lists yet
  mirror=$(apt-get indextargets --no-release-info --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | grep -E '/debian/?$' | head -1 || true)
  [ -n "$mirror" ] || die "apt has no source of Debian's packages to fetch an engine from"
  mkdir -p "$tree"/{lists/partial,archives/partial,packages,root}
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$tree/sources.list"
  own_state=(-q -o Dir::Etc::SourceList="$tree/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State::Lists="$tree/lists" -o Dir::Cache="$tree" -o APT::Sandbox::User=root
    -o Acquire::Retries=3 -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
  (
    apt-get "${own_state[@]}" update
    cd "$tree/packages"
    # shellcheck disable=SC2086 # a list of words
    apt-get "${own_state[@]}" download $packages
  ) >"$tree/apt.log" 2>&1 || { tail -5 "$tree/apt.log" >&2; die "Debian $suite could not be fetched"; }
  for package in "$tree"/packages/*.deb; do dpkg --extract "$package" "$tree/root"; done
  # a newer runc needs a newer libc than an older Debian has; the installed one serves every engine
  rm -rf "$tree/packages" "$tree/lists" "$tree"/archives "$tree"/*.bin "$tree/root/usr/sbin/runc"
  of_release "$path" || die "the packages of Debian $suite hold no engine $release that runs here"
fi
echo "$path"
