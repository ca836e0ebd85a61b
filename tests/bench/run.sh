#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures leakfs on an archive against other programs and prints the table in Markdown.
#
#   tests/bench/run.sh ARCHIVE [KEYS]       with leakfs and mkleakfs in PATH
#
# tests/bench/scale.py measures synthetic leaks of several sizes. mu (maildir-utils), notmuch,
# archivemount, fuse-archive and ratarmount are measured as well where they are installed.
#
# Needs bsdtar (libarchive-tools), xxhsum (xxhash) and room for the texts of ARCHIVE on a disk,
# $TMPDIR or /var/tmp. As root, caches are dropped where a row says cold.
set -eu

here=$(dirname "$0")
echo "| what | value | reference | ratio | target |"
echo "|---|---|---|---|---|"
for row in build peers search stream random_read mount requests; do
  python3 -B "$here/$row.py" "$@"
done
