#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# A wrong byte is worse than a slow one: every message of every container, in random order by four
# readers, with a cache that holds a part of them.
load leak

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return 1
  mkleaksample --scale 0.003 --attachment-bytes 8M leak.tar.gz
  mkdir plain mnt
  bsdtar -xf leak.tar.gz -C plain
}

readers() { python3 -B "$BATS_TEST_DIRNAME/../corpus/readers.py" mnt 0 4; }

# random ARCHIVE [CACHE]
random() {
  index "$1"
  mount_leak -o "cache_size=${2-4M}" "$1"
  readers
}

pack() { bsdtar -C plain -acf "$@" .; }

@test "tar.gz" { random leak.tar.gz; }
@test "tar" { pack leak.tar; random leak.tar; }
@test "tar.bz2" { pack leak.tar.bz2; random leak.tar.bz2; }
@test "tar.xz, tar.zst" {
  pack leak.tar.xz
  random leak.tar.xz 32M  # one block
  unmount
  pack leak.tar.zst
  random leak.tar.zst
}
@test "zip, 7z" {
  pack leak.zip
  random leak.zip
  unmount
  pack leak.7z
  random leak.7z
}
@test "an mbox in a zip" {
  mkleaksample --scale 0.003 --attachment-bytes 8M leak.mbox
  zip -q mbox.zip leak.mbox
  index mbox.zip
  mount_leak -o cache_size=4M mbox.zip
  readers
}
@test "an index with all content serves it without the archive" {
  for archive in leak.tar.gz plain; do
    index -o alone.leakidx --content index "$archive"
    mv "$archive" away
    mount_leak alone.leakidx
    readers
    diff -r mnt/archive/"$archive" plain || diff -r mnt/archive/"$archive" away
    unmount
    mv away "$archive"
  done
}
@test "an index that may copy nothing says what that costs" {
  mkleaksample --scale 0.002 --attachment-bytes 1M small.7z
  index small.7z
  with_copy=$(stat -c %s small.7z.leakidx)
  index --content archive small.7z
  [ "$(stat -c %s small.7z.leakidx)" -lt "$with_copy" ]
  mount_leak small.7z
  grep -q '^small.7z,0,slow,' mnt/catalog/problems.csv
  readers
}
