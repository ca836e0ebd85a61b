#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Damaged and wrong input: what can be read is indexed, the exit status and the message say the rest.
load leak

@test "a truncated tar.gz: its readable part is indexed, status 1" {
  head -c $(($(stat -c %s leak.tar.gz) / 2)) leak.tar.gz >cut.tar.gz
  status 1 index cut.tar.gz
  mount_leak cut.tar.gz
  [ -s mnt/ERRORS.txt ]
  grep -q truncated mnt/catalog/problems.csv
  [ "$(find mnt/eml/by-id -type f | wc -l)" -gt 50 ]
  (cd mnt && sha256sum --quiet -c catalog/SHA256SUMS)
}

@test "a tar.gz whose checksum is wrong: all is indexed, status 1" {
  cp leak.tar.gz sum.tar.gz
  printf 'XXXX' | dd of=sum.tar.gz bs=1 seek=$(($(stat -c %s sum.tar.gz) - 8)) conv=notrunc status=none
  status 1 index sum.tar.gz
  mount_leak sum.tar.gz
  has_the_messages_of plain
  grep -q '^sum.tar.gz,[0-9]*,damaged' mnt/catalog/problems.csv
}

@test "bytes behind a tar.gz that are no gzip: status 1, zeros are none" {
  cp leak.tar.gz behind.tar.gz
  head -c 1000 /dev/zero >>behind.tar.gz
  index behind.tar.gz
  echo junk >>behind.tar.gz
  status 1 index behind.tar.gz
}

@test "a tar with a hole in it: one row says which bytes are no member" {
  bsdtar -C plain -cf hole.tar .
  python3 - <<'PYTHON'
import tarfile
offset = tarfile.open("hole.tar").getmembers()[100].offset
with open("hole.tar", "r+b") as file:
    file.seek(offset)
    file.write(b"y\n" * 10000)
PYTHON
  status 1 index hole.tar
  lsleakfs --cat hole.tar.leakidx catalog/problems.csv >rows
  [ "$(grep -c ',damaged,' rows)" -eq 1 ]
}

@test "a tar that was cut between two members: status 1" {
  (cd plain && find . -type f | sort | head -n 20 | bsdtar -cf - -T - | head -c -10240 >../cut.tar)
  status 1 index cut.tar
}

@test "a zip with a broken member: the others are indexed, status 1" {
  (cd plain && zip -qr ../broken.zip .)
  python3 - <<'PYTHON'
import zipfile
member = max(zipfile.ZipFile("broken.zip").infolist(), key=lambda info: info.compress_size)
data = bytearray(open("broken.zip", "rb").read())
middle = member.header_offset + 30 + len(member.filename) + member.compress_size // 2
data[middle:middle + 16] = b"\xff" * 16
open("broken.zip", "wb").write(data)
PYTHON
  status 1 index broken.zip
  mount_leak broken.zip
  [ -s mnt/ERRORS.txt ]
  files=$(find plain -type f | wc -l)
  [ "$(find mnt/archive/broken.zip -type f | wc -l)" -eq "$files" ]
  (cd mnt && sha256sum --quiet -c catalog/SHA256SUMS)
}

@test "a zip without its directory: its members are salvaged, status 1" {
  (cd plain && zip -qr - .) >whole.zip
  head -c -200 whole.zip >nodir.zip
  status 1 index nodir.zip
  mount_leak nodir.zip
  has_the_messages_of plain
}

@test "a zip whose directory is damaged: its members are salvaged, status 1" {
  (cd plain && zip -qr ../directory.zip .)
  python3 - <<'PYTHON'
data = bytearray(open("directory.zip", "rb").read())
data[data.index(b"PK\1\2") + 1] ^= 1
open("directory.zip", "wb").write(data)
PYTHON
  status 1 index directory.zip
  mount_leak directory.zip
  has_the_messages_of plain
}

@test "a zip whose headers contradict its directory: the bytes indexed are those served" {
  mkdir two
  printf 'From: a@example.org\nSubject: one\n\nfirst\n' >two/a.eml
  printf 'From: b@example.org\nSubject: two\n\nthe second\n' >two/b.eml
  (cd two && zip -q0 ../swapped.zip a.eml b.eml)
  python3 - <<'PYTHON'
data = open("swapped.zip", "rb").read()
at = data.index(b"PK\1\2")
local = data[:at].replace(b"a.eml", b"x.eml").replace(b"b.eml", b"a.eml").replace(b"x.eml", b"b.eml")
open("swapped.zip", "wb").write(local + data[at:])
PYTHON
  index swapped.zip
  mount_leak swapped.zip
  [ "$(wc -l <mnt/catalog/SHA256SUMS)" -eq 2 ]
  (cd mnt && sha256sum --quiet -c catalog/SHA256SUMS)
}

@test "a 7z with a damaged block: the members of the others are whole, status 1" {
  (cd plain && 7zz a -ms=64k ../blocks.7z . >/dev/null)
  python3 - <<'PYTHON'
data = bytearray(open("blocks.7z", "rb").read())
for part in (3, 7):
    at = len(data) * part // 10
    data[at:at + 64] = b"\xff" * 64
open("blocks.7z", "wb").write(data)
PYTHON
  for content in auto archive; do
    status 1 index --content "$content" blocks.7z
    mount_leak blocks.7z
    sed -n 's|^"\{0,1\}blocks.7z/\([^,"]*\).*|\1|p' mnt/catalog/problems.csv | sort >lost
    (diff -rq plain mnt/archive/blocks.7z || true) |
      sed 's|^Files plain/\(.*\) and .* differ$|\1|' | sort >different
    diff lost different
    [ "$(wc -l <lost)" -lt "$(($(find plain -type f | wc -l) / 4))" ]
    (cd mnt && sha256sum --quiet -c catalog/SHA256SUMS)
    unmount
  done
}

@test "no archive: status 3 and what to do" {
  : >empty
  echo "just a text" >text
  head -c 10000 /dev/zero >zeros
  for file in empty text zeros missing; do
    status 3 index "$file"
    [[ $output == mkleakfs:*"$file"* ]]
    [ ! -e "$file.leakidx" ]
    [ ! -e "$file.leakidx.tmp" ]
  done
}

@test "an Outlook file: status 3 and what makes mail of it" {
  (printf '!BDN'; head -c 10000 /dev/zero) >mail.pst
  status 3 index mail.pst
  [[ $output == *mail.pst*Outlook*readpst* ]]
}

@test "what cannot be read at an offset: status 3, and nobody waits for its writer" {
  mkfifo fifo
  for arguments in "fifo" "-k fifo -o none.leakidx leak.tar.gz" "/dev/null"; do
    # shellcheck disable=SC2086 # words
    status 3 timeout 10 mkleakfs $arguments
  done
  status 3 timeout 10 leakfs fifo mnt
}

@test "a missing key file: status 3, no index" {
  status 3 mkleakfs --keys no.zone -o none.leakidx leak.tar.gz
  [[ $output == *no.zone* ]]
  [ ! -e none.leakidx ]
}

@test "an output that exists: status 4, and it stays as it is" {
  echo precious >there.leakidx
  status 4 mkleakfs -o there.leakidx leak.tar.gz
  [[ $output == *--force* ]]
  [ "$(cat there.leakidx)" = precious ]
  status 4 mkleakfs --force -o there.leakidx leak.tar.gz
  [ "$(cat there.leakidx)" = precious ]
  cp leak.tar.gz only.tar.gz
  status 4 mkleakfs --force -o only.tar.gz only.tar.gz
  cmp leak.tar.gz only.tar.gz
  status 4 mkleakfs -o no/such/directory.leakidx leak.tar.gz
}

@test "wrong usage: status 2" {
  status 2 mkleakfs
  status 2 mkleakfs --no-such-option leak.tar.gz
  status 2 mkleakfs --progress sometimes leak.tar.gz
  status 2 leakfs leak.tar.gz
  status 2 leakfs -o no_such_option leak.tar.gz mnt
  status 2 lsleakfs
}

@test "an encrypted zip: status 6 without its passphrase, its messages with it" {
  echo wrong >wrong.txt
  echo secret >right.txt
  (cd plain && zip -qr -P secret ../secret.zip .)
  bsdtar -C plain --format=zip --options zip:encryption=aes256 --passphrase secret -cf aes.zip .
  for archive in secret.zip aes.zip; do
    status 6 index "$archive"
    status 6 index --passphrase-file wrong.txt "$archive"
    index --passphrase-file right.txt "$archive"
    mount_leak -o passphrase_file=right.txt "$archive"
    has_the_messages_of plain
    (cd mnt && sha256sum --quiet -c catalog/SHA256SUMS)
    unmount
  done
}

@test "what was encrypted is in the index only if that is asked for" {
  (cd plain && zip -qr -P secret ../secret.zip .)
  (cd plain && zip -qr ../inner.zip . && cd .. && zip -q -P secret outer.zip inner.zip)
  echo secret >right.txt
  for archive in secret.zip outer.zip; do
    index --passphrase-file right.txt "$archive"
    leakfs -f "$archive" mnt 2>log &
    while ! mountpoint -q mnt; do sleep 0.1; done
    [ "$(cat mnt/eml/by-id/*/* 2>errors | wc -c)" -eq 0 ]
    [ "$(grep -c "Input/output error" errors)" -eq "$(find mnt/eml/by-id -type f | wc -l)" ]
    [ "$(wc -l <log)" -eq 1 ]
    grep -q passphrase_file log
    [ -z "$(find mnt/by-id -type f -empty)" ]
    cat mnt/by-id/*/* >/dev/null
    unmount
    wait
    leakfs -o passphrase_file=right.txt "$archive" mnt
    has_the_messages_of plain
    unmount
    index --content index --passphrase-file right.txt "$archive"
    mv "$archive" away
    mount_leak "$archive.leakidx"
    has_the_messages_of plain
    unmount
    mv away "$archive"
  done
}

@test "a damaged or truncated index is refused, status 3" {
  index leak.tar.gz
  for damage in cut tables; do
    cp leak.tar.gz.leakidx bad.leakidx
    case $damage in
      cut) truncate -s -5000 bad.leakidx ;;
      tables) printf 'X' | dd of=bad.leakidx bs=1 seek=20000 conv=notrunc status=none ;;
    esac
    status 3 lsleakfs bad.leakidx
    status 3 leakfs bad.leakidx mnt
  done
}

@test "a bit of the heap that is not right is found by --check" {
  index leak.tar.gz
  cp leak.tar.gz.leakidx bad.leakidx
  size=$(stat -c %s bad.leakidx)
  printf 'XXXX' | dd of=bad.leakidx bs=1 seek=$((size - 100000)) conv=notrunc status=none
  status 3 mkleakfs --check bad.leakidx
}
