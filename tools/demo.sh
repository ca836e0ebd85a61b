#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds leakfs and shows it at work: on a sample leak, or on the archive that is named.
#
#   tools/demo.sh [ARCHIVE]
set -eu

archive=
if [ $# -gt 0 ]; then archive=$(realpath -- "$1"); fi
cd "$(dirname "$0")/.."
tools/install-packages.sh
cmake --preset release >/dev/null
cmake --build build

demo=${TMPDIR:-/tmp}/leakfs-demo-$(id -u)
mnt=$demo/mnt
mkdir -p "$mnt"
if mountpoint -q "$mnt"; then fusermount3 -u "$mnt"; fi

if [ -z "$archive" ]; then
  archive=$demo/leak.tar.gz
  build/tools/mkleaksample --force --scale 0.05 --attachment-bytes 20M "$archive"
  build/tools/mkleakfs --force --keys "$archive.keys" "$archive"
  build/fs/leakfs "$archive" "$mnt"
else
  # An index that is there is used; one that was built without its warnings is no failure.
  build/fs/leakfs "$archive" "$mnt"
fi

# Runs a command in the tree and shows at most so many lines of it.
show() {
  lines=$1
  shift
  printf '\n$ %s\n' "$*"
  (cd "$mnt" && sh -c "$*") 2>/dev/null | head -n "$lines" || true
}

show 12 ls
show 8 'ls by-status/*'
show 5 'ls by-sender'
show 5 'grep -rli budget by-date'
verified=$(find "$mnt/by-status/verified" -type f 2>/dev/null | head -n 1 || true)
unverified=$(find "$mnt/by-status/unverified" -type f 2>/dev/null | head -n 1 || true)
for message in "$verified" "$unverified"; do
  if [ -n "$message" ]; then show 14 "cat '${message#"$mnt"/}'"; fi
done

printf '\nMounted at %s: look further with your shell or file manager; README.txt there tells how. Unmount: fusermount3 -u %s\n' "$mnt" "$mnt"
