#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Mounts and unmounts an archive again and again: each mount serves, and nothing is left of it.
#
#   tests/corpus/mounts.sh ARCHIVE [COUNT]
set -eu
archive=$1
count=${2:-200}
point=$(mktemp -d)
trap 'fusermount3 -u "$point" 2>/dev/null || true; rmdir "$point"' EXIT
processes() { pgrep -fc "$point\$" || true; }

i=0
while [ "$i" -lt "$count" ]; do
  i=$((i + 1))
  leakfs "$archive" "$point"
  [ -s "$point/README.txt" ]
  [ "$(find "$point/by-status" -mindepth 1 -maxdepth 1 | wc -l)" -gt 0 ]
  # Whoever has just looked, a file manager say, keeps it busy for a moment.
  fusermount3 -u "$point"
done
for _ in 1 2 3 4 5 6 7 8 9 10; do
  [ "$(processes)" -eq 0 ] && break
  sleep 0.1
done
if [ "$(processes)" -ne 0 ] || mountpoint -q "$point"; then
  echo "something is left of $count mounts"
  exit 1
fi
echo "$count mounts"
