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

# Below a folder each file has as many bytes as it says, and each folder as many subfolders.
sizes_are_true() {
  python3 - "$1" <<'PYTHON'
import os, sys
for folder, folders, files in os.walk(sys.argv[1]):
    assert os.stat(folder).st_nlink == 2 + len(folders), folder
    for name in files:
        with open(os.path.join(folder, name), "rb") as file:
            assert os.fstat(file.fileno()).st_size == len(file.read()), name
PYTHON
}

# The dates in the names of files are theirs: the names come by standard input, and a 0 behind each.
dates_are_true() {
  TZ=UTC xargs -0 stat -c '%.19y %n' |
    awk '{ $1 = $1 "_" $2; gsub(":", ".", $1); sub(".*/", "", $3) }
      $1 != substr($3, 1, 19) { print; wrong = 1 }
      END { exit wrong || NR == 0 }'
}
