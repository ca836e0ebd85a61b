#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Every kind of archive gives the exact bytes of its messages and members.
load leak

exact() {
  index "$1"
  mount_leak "$1"
  has_the_messages_of plain
  diff -r "mnt/archive/$1" plain
  (cd mnt && sha256sum --quiet -c catalog/SHA256SUMS)
  mkleakfs --check "$1.leakidx"
}

# Packs the same files into another container.
pack() { bsdtar -C plain -acf "$@" .; }

@test "tar.gz" { exact leak.tar.gz; }
@test "plain tar" { pack leak.tar; exact leak.tar; }
@test "tar.bz2" { pack leak.tar.bz2; exact leak.tar.bz2; }
@test "tar.xz" { pack leak.tar.xz; exact leak.tar.xz; }
@test "tar.zst" { pack leak.tar.zst; exact leak.tar.zst; }
@test "the other compressions of tar" {
  pack plain.tar
  for filter in lzma lzip lz4 compress; do
    bsdcat plain.tar | bsdtar --"$filter" -cf "leak.$filter" @-
    exact "leak.$filter"
    unmount
  done
}
@test "cpio" { (cd plain && find . -type f | bsdcpio -o -H newc >../leak.cpio); exact leak.cpio; }
@test "7z" { pack leak.7z; exact leak.7z; }
@test "zip, deflated" { (cd plain && zip -qr ../leak.zip .); exact leak.zip; }
@test "zip, stored" { (cd plain && zip -qr0 ../stored.zip .); exact stored.zip; }
@test "zip that was written to a pipe" { (cd plain && zip -qr - . | cat >../piped.zip); exact piped.zip; }
@test "iso9660" { bsdtar -C plain --format=iso9660 -cf leak.iso .; index leak.iso; mount_leak leak.iso; has_the_messages_of plain; }
@test "directory" { exact plain; }

@test "a single mail, plain and compressed" {
  mail=$(find plain -name '*.eml' | head -n 1)
  cp "$mail" one.eml
  gzip -c one.eml >one.eml.gz
  for file in one.eml one.eml.gz; do
    index "$file"
    mount_leak "$file"
    cmp "$(find mnt/eml/by-id -type f)" one.eml
    unmount
  done
}

@test "an mbox: the bytes between its From_ lines" {
  mkleaksample --scale 0.005 --attachment-bytes 1M box.mbox
  index box.mbox
  mount_leak box.mbox
  cmp mnt/archive/box.mbox box.mbox
  python3 - box.mbox mnt <<'PYTHON'
import hashlib, os, re, sys
box = open(sys.argv[1], "rb").read()
starts = [m.start() for m in re.finditer(rb"(?:\A|(?<=\n\n))From [^\n]*\d\d:\d\d:\d\d[^\n]*\n", box)]
ends = [s - 1 for s in starts[1:]] + [len(box) - 1]
expected = {hashlib.sha256(box[box.index(b"\n", s) + 1:e]).hexdigest()[:16]
            for s, e in zip(starts, ends)}
found = {name[:16] for _, _, names in os.walk(sys.argv[2] + "/eml/by-id") for name in names}
assert found == expected, (len(found), len(expected))
PYTHON
}

@test "several archives side by side" {
  mkdir other
  cp leak.tar.gz other/leak.tar.gz
  index -o both.leakidx leak.tar.gz other/leak.tar.gz
  mount_leak both.leakidx
  [ "$(ls mnt/archive)" = "leak.tar.gz
leak.tar.gz~2" ]
  has_the_messages_of plain
}
