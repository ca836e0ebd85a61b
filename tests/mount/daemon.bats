#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The process behind a mount: how it ends, what it leaves, who may look into it.
bats_require_minimum_version 1.5.0
load leak

# By its whole path, for other tests mount at the same time.
mount_leak() { leakfs "$@" "$PWD/mnt"; }
# Not when it has ended and init has still to take note of that, which takes a second here and there.
runs() { grep -q "^State:.[^ZX]" "/proc/$1/status" 2>/dev/null; }
server() { pgrep -f "^leakfs .*$PWD/mnt$"; }

@test "SIGTERM while an archive is decoded from its start: ended within 2 s" {
  # Two compressions in one another have no place to start but the first byte.
  mkleaksample --scale 0.003 --attachment-bytes 60M slow.tar
  bzip2 -1 <slow.tar | gzip -1 >slow.tar.bz2.gz
  mkleakfs --content archive slow.tar.bz2.gz
  mount_leak slow.tar.bz2.gz
  last=$(tail -n 1 mnt/catalog/SHA256SUMS | cut -c67-)
  pid=$(server)
  cat "mnt/$last" >/dev/null 2>&1 3>&- &
  sleep 0.3
  started=$(date +%s%N)
  kill "$pid"
  while runs "$pid"; do sleep 0.02; done
  [ $((($(date +%s%N) - started) / 1000000)) -lt 2000 ]
  wait || true
  run ! mountpoint -q mnt
}

@test "whoever reads its output to the end does not wait for the end of the mount" {
  index leak.tar.gz
  timeout 20 sh -c 'leakfs leak.tar.gz mnt 2>&1 | cat' 3>&-
  is_mounted
}

@test "a mount point whose process and helper were killed is taken over" {
  index leak.tar.gz
  mount_leak leak.tar.gz
  # Its child is the process that unmounts when it is gone.
  pid=$(server)
  kill -9 "$(pgrep -P "$pid")" "$pid"
  sleep 0.2
  run stat mnt
  [[ $output == *"not connected"* ]]
  mount_leak leak.tar.gz
  [ -s mnt/README.txt ]
}

@test "a process that is killed leaves no mount, though its directories were listed" {
  index leak.tar.gz
  mount_leak leak.tar.gz
  ls -lR mnt/by-sender >/dev/null
  kill -9 "$(server)"
  for _ in $(seq 100); do
    mountpoint -q mnt || break
    sleep 0.1
  done
  run ! mountpoint -q mnt
}

@test "when the process is gone so is the mount" {
  index leak.tar.gz
  mount_leak leak.tar.gz
  ls mnt/by-sender >/dev/null
  pid=$(server)
  kill "$pid"
  while runs "$pid"; do sleep 0.02; done
  run ! mountpoint -q mnt
}

@test "other users are let in only with allow_other" {
  if [ "$(id -u)" -ne 0 ]; then skip "needs another user"; fi
  index leak.tar.gz
  chmod 755 . "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
  as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
  mount_leak leak.tar.gz
  run ! as_nobody cat "$PWD/mnt/README.txt"
  unmount
  mount_leak -o allow_other leak.tar.gz
  as_nobody cmp "$PWD/mnt/README.txt" "$PWD/mnt/README.txt"
}

@test "an ordinary user builds, mounts and unmounts, confined as root is" {
  if [ "$(id -u)" -ne 0 ]; then skip "runs the other tests of this file"; fi
  as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
  chmod 755 . "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
  if ! as_nobody test -r /dev/fuse || ! as_nobody test -w /dev/fuse; then
    index leak.tar.gz
    chmod 644 leak.tar.gz.leakidx
    run -4 as_nobody leakfs leak.tar.gz mnt
    [[ $output == *"/dev/fuse: cannot be opened"* && $output == *"its mode"* ]]
    skip "only root may use /dev/fuse here"
  fi
  chown -R 65534 .
  as_nobody mkleakfs --force --keys leak.tar.gz.keys leak.tar.gz
  as_nobody leakfs leak.tar.gz "$PWD/mnt"
  as_nobody sh -c "cd mnt && sha256sum --quiet -c catalog/SHA256SUMS"
  status=/proc/$(server)/status
  grep -q "^Seccomp:.2" "$status"
  grep -q "^NoNewPrivs:.1" "$status"
  run ! ls mnt # which is theirs alone
  as_nobody fusermount3 -u mnt
  as_nobody leakfs leak.tar.gz "$PWD/mnt"
  kill -9 "$(server)"
  for _ in $(seq 100); do
    is_mounted || break
    sleep 0.1
  done
  run ! is_mounted
}

@test "max_read: reads of that size give the same bytes" {
  index leak.tar.gz
  for size in 4096 20000 131072; do
    mount_leak -o max_read=$size leak.tar.gz
    (cd mnt && sha256sum --quiet -c catalog/SHA256SUMS)
    unmount
  done
  status 2 leakfs -o max_read=much leak.tar.gz mnt
}
