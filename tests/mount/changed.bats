#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# An archive that changes while it is mounted: what was indexed or EIO, never other bytes, and one
# line that says so.
load leak

# Mounts a copy of an archive in the foreground; what leakfs says is in `log`.
mount_copy() {
  cp --reflink=auto "$1" "copy.${1#*.}"
  index "copy.${1#*.}" 2>/dev/null
  leakfs -f "copy.${1#*.}" mnt 2>log 3>&- &
  for ((i = 0; i < 100; i++)); do
    if mountpoint -q mnt; then return 0; fi
    sleep 0.1
  done
  return 1
}

# Every message reads as it was, or fails with EIO. The number that failed is in $failed.
no_other_byte_is_read() {
  python3 - >failed <<'PYTHON'
import errno, hashlib
failed = 0
for line in open("mnt/catalog/SHA256SUMS"):
    digest, name = line.rstrip("\n").split("  ")
    try:
        data = open("mnt/" + name, "rb").read()
    except OSError as error:
        assert error.errno == errno.EIO, error
        failed += 1
        continue
    assert hashlib.sha256(data).hexdigest() == digest, name
print(failed)
PYTHON
  failed=$(cat failed)
}

one_line_says_so() {
  cat log
  [ "$(grep -c "copy.*: changed since it was indexed" log)" -eq 1 ]
  [ "$(grep -c . log)" -eq 1 ]
}

@test "one byte edited, the time set back: its block is EIO, the others are right" {
  bsdtar -cf leak.tar @leak.tar.gz
  bsdtar -acf leak.zip @leak.tar.gz
  for archive in leak.tar leak.tar.gz leak.zip; do
    mount_copy "$archive"
    copy=copy.${archive#*.}
    touch -r "$copy" time
    python3 - "$copy" <<'PYTHON'
import sys
with open(sys.argv[1], "r+b") as file:
    data = file.read()
    at = len(data) // 2
    file.seek(at)
    file.write(bytes([data[at] ^ 255]))
PYTHON
    touch -r time "$copy"
    no_other_byte_is_read
    [ "$failed" -gt 0 ]
    one_line_says_so
    [ -s mnt/catalog/messages.csv ]
    fusermount3 -u mnt
    wait
  done
}

@test "overwritten in place, size and time as before: EIO" {
  mount_copy leak.tar.gz
  touch -r copy.tar.gz time
  head -c "$(stat -c %s copy.tar.gz)" /dev/urandom | dd of=copy.tar.gz conv=notrunc status=none
  touch -r time copy.tar.gz
  no_other_byte_is_read
  [ "$failed" -eq "$(wc -l <mnt/catalog/SHA256SUMS)" ]
  one_line_says_so
}

@test "truncated: EIO for all that is read of it from then on" {
  mount_copy leak.tar.gz
  truncate -s 1M copy.tar.gz
  no_other_byte_is_read
  [ "$failed" -eq "$(wc -l <mnt/catalog/SHA256SUMS)" ]
  one_line_says_so
  grep -rq . mnt/by-date
}

@test "another file under its name: the one that is open is served" {
  mount_copy leak.tar.gz
  echo other >other
  mv other copy.tar.gz
  no_other_byte_is_read
  [ "$failed" -eq 0 ]
  [ ! -s log ]
}

@test "lsleakfs --cat of bytes that are not those indexed: status 3" {
  # So large that not every byte is in what tells whether it is the file that was indexed.
  mkleaksample --scale 0.001 --attachment-bytes 8M large.tar
  index large.tar
  python3 - <<'PYTHON'
import random, subprocess, tarfile
with tarfile.open("large.tar") as tar:
    member = max(tar.getmembers(), key=lambda info: info.size)
for seed in range(50):
    at = member.offset_data + random.Random(seed).randrange(member.size)
    with open("large.tar", "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))
        file.flush()
        listed = subprocess.run(["lsleakfs", "large.tar.leakidx"], capture_output=True)
        if listed.returncode == 0:
            break
        file.seek(at)
        file.write(bytes([byte]))
path = "archive/large.tar/" + member.name.removeprefix("./")
cat = subprocess.run(["lsleakfs", "--cat", "large.tar.leakidx", path], capture_output=True)
assert cat.returncode == 3, cat.stderr
assert b"large.tar: changed since it was indexed" in cat.stderr, cat.stderr
PYTHON
}
