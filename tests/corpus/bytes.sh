#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Checks on a real archive that not a byte was lost or changed, against bsdtar and sha256sum:
# archive/ is what bsdtar extracts, eml/ holds each distinct content of a mail once, and the sums
# of the catalog are right.
#
#   tests/corpus/bytes.sh ARCHIVE [KEYS]       with leakfs and mkleakfs in PATH
#
# Every file of ARCHIVE has to be a mail of its own. Needs its extracted size in $TMPDIR, twice.
set -eu

archive=$(realpath -- "$1")
keys=${2:+--keys $(realpath -- "$2")}
work=$(mktemp -d)
mnt=$work/mnt
trap 'fusermount3 -uq "$mnt" || true; rm -rf "$work"' EXIT
mkdir "$mnt" "$work/plain"
cd "$work"

# shellcheck disable=SC2086 # two words or none
mkleakfs $keys -o index "$archive"
leakfs -o index=index "$archive" "$mnt"
bsdtar -xf "$archive" -C plain

count() { find "$1" -type f | wc -l; }
sums() { (cd "$1" && find . -type f -exec sha256sum {} +) | cut -c1-64 | sort; }

echo "members by bsdtar: $(count plain), in archive/: $(count mnt/archive)"
diff -r plain mnt/archive/*
echo "archive/ is the same as what bsdtar extracts"

sums plain | uniq >expected
sums mnt/eml/by-id >found
diff expected found
echo "eml/ holds each of $(wc -l <expected) distinct contents once, byte for byte"
find mnt/eml/by-id -type f -exec sha256sum {} + |
  awk '{ n = split($2, path, "/"); if (path[n] != substr($1, 1, 16) ".eml") exit 1 }'
echo "each is named after its SHA-256"
(cd mnt && sha256sum --quiet -c catalog/SHA256SUMS)
echo "sha256sum -c catalog/SHA256SUMS: $(wc -l <mnt/catalog/SHA256SUMS) OK"
mkleakfs --check index
