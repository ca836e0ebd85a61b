#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Archives within archives: their mail is indexed, and served to the byte through the archives
# around it.
load leak

# What each inner archive holds is below plain/; outer/ holds the archives and nothing else.
setup_file() {
  cd "$BATS_FILE_TMPDIR" || return 1
  mkleaksample --scale 0.002 --attachment-bytes 500K leak.tar.gz
  mkdir plain outer mnt
  bsdtar -xf leak.tar.gz -C plain
  (cd plain && zip -qr ../outer/deflated.zip . && zip -qr0 ../outer/stored.zip .)
  for name in in.tar in.tar.gz in.tar.bz2 in.tar.xz in.7z; do
    bsdtar -C plain -acf "outer/$name" .
  done
  bsdcat outer/in.tar | bsdtar --lz4 -cf outer/in.tar.lz4 @-
  (cd plain && find . -type f | bsdcpio --quiet -o -H odc >../outer/in.cpio)
  gzip -c outer/deflated.zip >outer/in.zip.gz
  zip -qj0 outer/two.zip outer/in.tar.gz outer/deflated.zip
  bsdtar -C outer -cf outer/three.tar.gz --gzip two.zip
}

inner() { printf '%s\n' deflated.zip stored.zip in.tar in.tar.gz in.tar.bz2 in.tar.xz in.7z in.tar.lz4 in.cpio; }

# has_the_archives FOLDER: of archive/, that holds the outer archive's members
has_the_archives() {
  for file in outer/*; do cmp "$file" "$1/${file#outer/}"; done
  for name in $(inner); do diff -r "$1/$name.d" plain; done
  cmp outer/deflated.zip "$1/in.zip.gz.d/in.zip"
  diff -r "$1/in.zip.gz.d/in.zip.d" plain
  for two in "$1/two.zip.d" "$1/three.tar.gz.d/two.zip.d"; do
    diff -r "$two/in.tar.gz.d" plain
    diff -r "$two/deflated.zip.d" plain
  done
}

readers() { python3 -B "$BATS_TEST_DIRNAME/../corpus/readers.py" mnt 0 4; }

exact() {
  index "$@"
  mount_leak -o cache_size=8M "${!#}"
  [ "$(tail -n +2 mnt/catalog/problems.csv | grep -vc ',slow,')" -eq 0 ]
  has_the_messages_of plain
  has_the_archives "mnt/archive/${!#}"
  readers
  mkleakfs --check "${!#}.leakidx"
}

# By the process that serves the mount.
bytes_read() { awk '/^rchar/ { print $2 }' "/proc/$(pgrep -n -f '^leakfs .*far[.]tar[.]gz mnt$')/io"; }

@test "in a tar.gz" { bsdtar -C outer -czf all.tar.gz .; exact all.tar.gz; }
@test "in a zip" { (cd outer && zip -qr ../all.zip .); exact all.zip; }
@test "in a 7z, which is copied" { bsdtar -C outer -acf all.7z .; exact all.7z; }
@test "in a directory" { exact outer; }

@test "with all content in the index, without the archive" {
  bsdtar -C outer -czf away.tar.gz .
  index --content index away.tar.gz
  mv away.tar.gz gone
  mount_leak away.tar.gz.leakidx
  has_the_messages_of plain
  has_the_archives mnt/archive/away.tar.gz
}

@test "with nothing copied" {
  bsdtar -C outer -cf none.tar deflated.zip in.tar.gz in.7z
  index --content archive none.tar
  mount_leak none.tar
  has_the_messages_of plain
  for name in deflated.zip in.tar.gz in.7z; do diff -r "mnt/archive/none.tar/$name.d" plain; done
  grep -q '^none.tar/in.7z,0,slow,' mnt/catalog/problems.csv
}

@test "a message is read at its own offset" {
  # Noise, a zip, and noise: reading the last mail of the zip decodes hardly any of it.
  mkdir far
  mkleaksample --scale 0.002 --attachment-bytes 500K far/leak.zip
  head -c 50M /dev/urandom >far/a-before
  cp far/a-before far/z-behind
  (cd far && bsdtar -czf ../far.tar.gz a-before leak.zip z-behind)
  index far.tar.gz
  mount_leak -o noprefetch far.tar.gz
  last=$(find mnt/archive/far.tar.gz/leak.zip.d -type f | sort | tail -n 1)
  before=$(bytes_read)
  bsdtar -xOf far/leak.zip "${last#mnt/archive/far.tar.gz/leak.zip.d/}" | cmp - "$last"
  [ $(($(bytes_read) - before)) -lt 8000000 ]
}

@test "two builds are the same to the byte" {
  bsdtar -C outer -czf same.tar.gz .
  SOURCE_DATE_EPOCH=1 index -j 1 -o one.leakidx same.tar.gz
  SOURCE_DATE_EPOCH=1 index -j 4 -o two.leakidx same.tar.gz
  cmp one.leakidx two.leakidx
  [ -z "$(find . -name '*.leakidx.*')" ]
}

@test "an encrypted zip within: a row without its passphrase, its messages with it" {
  mkdir locked
  (cd plain && zip -qr -P secret ../locked/in.zip .)
  bsdtar -C locked -cf locked.tar in.zip
  status 1 index locked.tar
  lsleakfs --cat locked.tar.leakidx catalog/problems.csv >rows
  [ "$(grep -c '^locked.tar/in.zip,0,encrypted,' rows)" -eq 1 ]
  echo secret >right.txt
  index --passphrase-file right.txt locked.tar
  mount_leak -o passphrase_file=right.txt locked.tar
  has_the_messages_of plain
  diff -r mnt/archive/locked.tar/in.zip.d plain
}

@test "archives within that hold nothing are no damage" {
  mkdir none empty
  for name in in.zip in.tar in.tar.gz in.7z in.iso in.cpio; do
    bsdtar -C none -acf "empty/$name" -T /dev/null
  done
  cp "$(find plain -name '*.eml' | head -n 1)" empty/one.eml
  index empty
  mount_leak empty
  diff -r -x '*.d' mnt/archive/empty empty
  [ "$(find mnt/archive -type f | wc -l)" -eq 7 ]
}

@test "damage within: a row with the path of the archive that has it" {
  mkdir cut
  for file in deflated.zip in.tar.gz in.7z; do
    head -c $(($(stat -c %s "outer/$file") / 2)) "outer/$file" >"cut/$file"
  done
  bsdtar -C cut -cf cut.tar .
  status 1 index cut.tar
  lsleakfs --cat cut.tar.leakidx catalog/problems.csv >rows
  for file in deflated.zip in.tar.gz in.7z; do grep -q "^cut.tar/${file}[,.]" rows; done
}
