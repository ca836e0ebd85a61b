# SPDX-License-Identifier: GPL-3.0-or-later
# What the tests of this folder share: a sample leak, and mounting it.
# shellcheck shell=bash disable=SC2154

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return 1
  mkleaksample --scale 0.005 --attachment-bytes 1M leak.tar.gz
  mkdir plain mnt
  bsdtar -xf leak.tar.gz -C plain
}

setup() { cd "$BATS_FILE_TMPDIR" || return 1; }

teardown() { unmount; }

# Whoever has mounted, and though nobody else may look.
is_mounted() { grep -qF " $PWD/mnt " /proc/self/mounts; }

unmount() {
  if is_mounted; then fusermount3 -u mnt; fi
}

# Builds the index of an archive with the sample's keys.
index() { mkleakfs --force --keys leak.tar.gz.keys "$@"; }

# Mounts and fails with the status of leakfs.
mount_leak() { leakfs "$@" mnt; }

# status: runs a command that is to end with that status; its output is in $output.
status() {
  local expected=$1
  shift
  # shellcheck disable=SC2034 # bats shows it
  run "$@"
  echo "$output"
  [ "$status" -eq "$expected" ]
}

# Every message of the tree is one of the sample, byte for byte, and the reverse.
has_the_messages_of() {
  diff <(cd mnt/eml/by-id && find . -type f -exec sha256sum {} + | cut -c1-64 | sort) \
    <(find "$1" -type f -exec sha256sum {} + | cut -c1-64 | sort -u)
}
