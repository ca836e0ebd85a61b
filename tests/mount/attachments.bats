#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Attachments as files: their bytes, their names, and that the same content is one file.
load leak

views='by-date by-sender by-status by-type'

# "MESSAGE-ID PART SHA256" of each attachment, as the catalog has them.
catalog_sums() {
  python3 -c 'import csv, sys
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")):
    print(row["message_id"], row["part"], row["sha256"])' "$1/catalog/attachments.csv" | sort
}

# The same from the names and bytes of the files below a folder.
file_sums() {
  find "$1" -type f -exec sha256sum {} + |
    sed -E 's,^([0-9a-f]{64}) .*_([0-9a-f]{16}(-[0-9]+)?)_([0-9]+)_[^/]*$,\2 \4 \1,' | sort
}

# Every inode below attachments/ has as many names as it says.
links_are_true() {
  find mnt/attachments -type f -printf '%i %n\n' | sort | uniq -c |
    awk '$1 != $3 { print; wrong = 1 } END { exit wrong }'
}

@test "every attachment is in each view, with the SHA-256 of the catalog" {
  index leak.tar.gz
  mount_leak leak.tar.gz
  catalog_sums mnt >expected
  [ -s expected ]
  for view in by-date by-sender by-type; do diff expected <(file_sums "mnt/attachments/$view"); done
  # A message that two domains verify is there twice.
  diff expected <(file_sums mnt/attachments/by-status | uniq)
}

@test "they are served from every kind of archive" {
  bsdtar -C plain -cf plain.tar .
  bsdtar -C plain -acf deflated.zip .
  bsdtar -C plain -acf copied.tar.xz .
  for archive in plain.tar deflated.zip copied.tar.xz plain; do
    index -o kind.leakidx "$archive"
    mount_leak -o index=kind.leakidx "$archive"
    diff <(catalog_sums mnt) <(file_sums mnt/attachments/by-date)
    unmount
  done
}

@test "the same content is one file, and its links are its places" {
  mkdir twice
  cp -r plain/. twice
  mail() { printf '%s\n' "From: $1" "Date: $2 Apr 2017 08:22:05 +0000" 'MIME-Version: 1.0' \
    'Content-Type: application/pdf; name="'"$3"'"' 'Content-Transfer-Encoding: base64' '' \
    'VGhlIHNhbWUgY29udGVudA=='; }
  mail a@example.org 3 plan.pdf >twice/1.eml
  mail b@example.org 4 "it's the plan.PDF" >twice/2.eml
  bsdtar -C twice -cf twice.tar .
  index twice.tar
  mount_leak twice.tar
  file=$(echo mnt/attachments/by-sender/a@example.org/*_0_plan.pdf)
  [ "$(cat "$file")" = 'The same content' ]
  [ "$(stat -c %h "$file")" -eq 8 ]
  [ "$(find mnt -samefile "$file" | wc -l)" -eq 8 ]
  [ "$(find mnt/attachments/by-type/pdf -samefile "$file" | wc -l)" -eq 2 ]
  other=$(echo mnt/attachments/by-date/2017/04/04/*_0_it_s-the-plan.PDF)
  [ "$other" -ef "$file" ]
  links_are_true
}

@test "sizes, links and dates are true, and there is no empty folder" {
  index leak.tar.gz
  mount_leak leak.tar.gz
  links_are_true
  sizes_are_true mnt/attachments
  [ -z "$(find mnt/attachments -mindepth 2 -type d -empty)" ]
  # The date in a name is that of its message; a content has that of the first.
  find mnt/attachments/by-date -type f -links 4 -print0 | dates_are_true
}

@test "a leak without attachments has the views, empty" {
  printf '%s\n' 'From: a@example.org' 'Subject: none' 'Message-ID: <1@example.org>' '' 'text' >one.eml
  index one.eml
  mount_leak one.eml
  # shellcheck disable=SC2012,SC2086 # names of ours; several words
  [ "$(ls mnt/attachments | tr '\n' ' ')" = "$views " ]
  [ -z "$(find mnt/attachments -mindepth 2)" ]
}

@test "--reverify moves them by status, and their links follow" {
  index -o with.leakidx leak.tar.gz
  mkleakfs --force -o again.leakidx leak.tar.gz
  mkleakfs --reverify again.leakidx --keys leak.tar.gz.keys
  mkleakfs --check again.leakidx
  listing() { find mnt/attachments -printf '%P %s %n %T@\n' | sort; }
  mount_leak -o index=with.leakidx leak.tar.gz
  listing >expected
  unmount
  mount_leak -o index=again.leakidx leak.tar.gz
  diff expected <(listing)
  links_are_true
  diff <(catalog_sums mnt) <(file_sums mnt/attachments/by-status | uniq)
}

@test "lsleakfs prints them" {
  index leak.tar.gz
  type=$(lsleakfs leak.tar.gz.leakidx attachments/by-type | head -n 1)
  lsleakfs --cat leak.tar.gz.leakidx catalog/attachments.csv >attachments.csv
  lsleakfs leak.tar.gz.leakidx "attachments/by-type/$type" | head -n 10 >names
  [ -s names ]
  while read -r name; do
    sum=$(lsleakfs --cat leak.tar.gz.leakidx "attachments/by-type/$type/$name" | sha256sum)
    grep -q ",${sum:0:64}\$" attachments.csv
  done <names
}
