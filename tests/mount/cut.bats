#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# An index that is cut while it is in use: EIO and an end, no signal.
bats_require_minimum_version 1.5.0
load leak

mount_in_foreground() {
  leakfs -f "$@" mnt 2>log 3>&- &
  leakfs=$!
  for ((i = 0; i < 100; i++)); do
    if mountpoint -q mnt; then return 0; fi
    sleep 0.1
  done
  return 1
}

@test "the index is cut while it is mounted: EIO, one line, unmounted, status 3" {
  index leak.tar.gz
  for size in 0 8192 100000; do
    cp leak.tar.gz.leakidx cut.leakidx
    mount_in_foreground -o archive=leak.tar.gz cut.leakidx
    truncate -s $size cut.leakidx
    run find mnt -ls
    [[ $output == *"Input/output error"* ]]
    ended=0
    wait "$leakfs" || ended=$?
    cat log
    [ "$ended" -eq 3 ]
    [ "$(grep -c 'the index was cut' log)" -ge 1 ]
    [ "$(grep -vc 'the index was cut\|build it again' log)" -eq 0 ]
    run ! mountpoint -q mnt
  done
}

@test "the index is cut while it is checked or judged again: status 3, no signal" {
  index leak.tar.gz
  python3 - <<'PYTHON'
import os, shutil, subprocess, time
seen = set()
for command in (["mkleakfs", "--check"], ["mkleakfs", "--reverify"], ["lsleakfs", "-l"]):
    for delay in range(0, 60, 3):
        shutil.copy("leak.tar.gz.leakidx", "cut.leakidx")
        process = subprocess.Popen([*command, "cut.leakidx"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        time.sleep(delay / 1000)
        os.truncate("cut.leakidx", 4096)
        _, errors = process.communicate(timeout=60)
        seen.add(process.returncode)
        assert process.returncode in (0, 1, 3), (command, process.returncode, errors)
        assert process.returncode != 3 or b"index" in errors, errors
assert 3 in seen
PYTHON
}
