#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Behind the terminal leakfs has only syslog to speak to, and is confined.
bats_require_minimum_version 1.5.0
load leak

teardown() {
  unmount
  if [ -n "${listener:-}" ]; then kill "$listener" && rm -f /dev/log; fi
}

@test "what is wrong is said in syslog, safe for a terminal" {
  [ "$(id -u)" -eq 0 ] || skip "wants to be syslog"
  [ ! -e /dev/log ] || skip "there is a syslog"
  python3 -c '
import os, socket
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind("/dev/log")
with open("said", "wb", 0) as said:
    while True:
        said.write(log.recv(65536) + b"\n")
' 3>&- &
  listener=$!
  timeout 20 sh -c 'until [ -S /dev/log ]; do sleep 0.1; done'
  mkleaksample --scale 0.005 --attachment-bytes 1M $'a\ttab.tar'
  mkleakfs --keys $'a\ttab.tar.keys' $'a\ttab.tar'
  mount_leak $'a\ttab.tar'
  truncate -s 10000 $'a\ttab.tar'
  run find mnt/eml/by-id -type f -exec cat {} +
  [ "$status" -ne 0 ]
  timeout 20 sh -c 'until grep "leakfs\[[0-9]*\]: .*tab\.tar: changed since" said; do sleep 0.1; done'
  run grep -P '\t' said
  [ "$status" -eq 1 ]
}
