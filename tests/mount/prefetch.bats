#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Reading ahead: how many requests it leaves, and that nobody notices anything else.
load leak

# Mounts with a log of the requests.
log_mount() {
  [ -e leak.tar.gz.leakidx ] || index leak.tar.gz
  leakfs -d "$@" leak.tar.gz mnt 2>requests 3>&- &
  pid=$!
  for _ in $(seq 100); do mountpoint -q mnt && break; sleep 0.1; done
}

log_unmount() {
  fusermount3 -u mnt
  wait "$pid"
}

# Lines of the log that have it.
count() { grep -c -- "$1" requests || true; }
reads() { count 'opcode: READ ('; }
# find and grep ask each time what file system it is, and the kernel does not remember that.
all_requests() { grep 'opcode: ' requests | grep -vc STATFS; }
pushes() { count '^NOTIFY: '; }

# A kernel that is short of memory, or reclaims it ahead of time, may have forgotten something.
sends_no_request() {
  for _ in 1 2 3; do
    before=$(all_requests)
    "$@" >/dev/null
    [ "$(all_requests)" -ne "$before" ] || return 0
  done
  return 1
}

grep_all() { grep -r 'a pattern that is nowhere' "$@" || [ $? -eq 1 ]; }

texts() { (cd mnt/by-date && find . -type f -exec sha256sum {} + | sort -k 2); }

@test "find reads nothing, and nothing is read ahead for it" {
  log_mount
  find mnt/by-date mnt/eml/by-date -ls >/dev/null
  [ "$(reads)" -eq 0 ]
  [ "$(pushes)" -eq 0 ]
  sends_no_request find mnt/by-date mnt/eml/by-date -ls
  log_unmount
}

@test "a find beside a grep does not spend what the grep earned" {
  log_mount
  files=$(find mnt/by-date mnt/by-sender -type f | wc -l)
  grep_all mnt/by-date
  # Its own folder's neighbours may still be pushed.
  pushed=0
  until [ "$(pushes)" -eq "$pushed" ]; do pushed=$(pushes); sleep 0.2; done
  find mnt/eml -ls >/dev/null
  [ "$(pushes)" -eq "$pushed" ]
  [ "$pushed" -lt "$files" ]
  log_unmount
}

@test "the first grep -r sends few READs, the second no request" {
  log_mount
  grep_all mnt/by-date
  files=$(find mnt/by-date -type f | wc -l)
  echo "$(reads) READs and $(pushes) pushes of $files files"
  [ "$(reads)" -lt $((files / 10)) ]
  [ "$(pushes)" -lt "$files" ]
  sends_no_request grep_all mnt/by-date
  log_unmount
}

@test "a grep behind a find, which lists nothing, sends few READs" {
  log_mount
  find mnt/by-date mnt/by-sender -ls >/dev/null
  files=$(find mnt/by-date -type f | wc -l)
  grep_all mnt/by-date
  echo "$(reads) READs of $files files"
  [ "$(reads)" -lt $((files / 5)) ]
  log_unmount
}

@test "eml and archive are read ahead as well" {
  log_mount
  for folder in eml/by-sender archive; do
    before=$(reads)
    grep_all "mnt/$folder"
    files=$(find "mnt/$folder" -type f -size -128k | wc -l)
    echo "$folder: $(($(reads) - before)) READs of $files files"
    [ $(($(reads) - before)) -lt $((files / 2)) ]
  done
  log_unmount
}

@test "noprefetch: a READ for every file, and the same bytes" {
  log_mount -o noprefetch
  texts >without
  [ "$(pushes)" -eq 0 ]
  [ "$(reads)" -ge "$(find mnt/by-date -type f | wc -l)" ]
  log_unmount
  log_mount
  grep_all mnt
  texts >with
  [ "$(pushes)" -gt 0 ]
  cmp without with
  (cd mnt && sha256sum --quiet -c catalog/SHA256SUMS)
  log_unmount
}

@test "catalog and evidence are not read ahead" {
  log_mount
  grep_all mnt/catalog mnt/evidence
  [ "$(pushes)" -eq 0 ]
  log_unmount
}

@test "several readers of one folder" {
  log_mount
  for _ in 1 2 3 4 5 6; do texts | sha256sum & done >sums
  for job in $(jobs -p); do [ "$job" = "$pid" ] || wait "$job"; done
  [ "$(sort -u sums | wc -l)" -eq 1 ]
  [ "$(wc -l <sums)" -eq 6 ]
  log_unmount
}

@test "what the kernel is made to forget is read again" {
  [ "$(id -u)" -eq 0 ] || skip "needs root to drop caches"
  log_mount
  texts >expected
  (while [ -e expected ]; do echo 3 >/proc/sys/vm/drop_caches; done) 3>&- &
  dropper=$!
  for _ in 1 2 3 4 5; do texts | cmp - expected; done
  rm expected
  wait "$dropper"
  log_unmount
}

@test "it can be unmounted and ended while it reads ahead" {
  [ -e leak.tar.gz.leakidx ] || index leak.tar.gz
  for i in $(seq 20); do
    leakfs -f leak.tar.gz mnt 2>/dev/null 3>&- &
    pid=$!
    for _ in $(seq 100); do mountpoint -q mnt && break; sleep 0.05; done
    (for _ in 1 2 3 4 5; do grep -rs nowhere mnt/eml/by-date mnt/by-sender mnt/archive; done) \
      >/dev/null 2>&1 3>&- &
    reader=$!
    sleep "0.0$((i % 10))"
    if [ $((i % 2)) -eq 0 ]; then kill -TERM "$pid"; else fusermount3 -uz mnt; fi
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    ! kill -0 "$pid" 2>/dev/null
    wait "$pid"
    wait "$reader" || true
    status 32 mountpoint -q mnt
  done
}
