#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Mounting, looking and unmounting.
load leak

@test "without an index it is built, beside the archive and for the user only" {
  cp leak.tar.gz fresh.tar.gz
  mount_leak fresh.tar.gz
  [ "$(stat -c %a fresh.tar.gz.leakidx)" = 600 ]
  [ -s mnt/README.txt ]
}

@test "where the directory cannot be written the index is in the cache" {
  [ "$(id -u)" -eq 0 ] || skip "needs root to become somebody else"
  mkdir readonly home
  cp leak.tar.gz readonly
  # The build tree may be in a home that others cannot enter.
  cp "$(command -v mkleakfs)" .
  chmod 755 "$BATS_FILE_TMPDIR" readonly
  chown nobody home
  as_nobody() { setpriv --reuid=65534 --clear-groups env -u XDG_CACHE_HOME HOME="$PWD/home" "$@"; }
  chmod 755 "$BATS_RUN_TMPDIR"
  as_nobody ./mkleakfs readonly/leak.tar.gz
  [ ! -e readonly/leak.tar.gz.leakidx ]
  index=$(find home/.cache/leakfs -name 'leak.tar.gz-????????????????.leakidx')
  [ "$(stat -c %a "$index")" = 600 ]
  as_nobody XDG_CACHE_HOME="$PWD/home/not/yet/there" ./mkleakfs readonly/leak.tar.gz
  [ -n "$(find home/not/yet/there/leakfs -name '*.leakidx')" ]
}

@test "a directory named . has its index beside it" {
  (cd plain && mkleakfs --force .)
  [ -e plain.leakidx ]
  [ ! -e plain/..leakidx ]
}

@test "names of archives may hold anything" {
  name=$'-a,b \\ "c" \n\u00e9.tar.gz'
  cp leak.tar.gz "./$name"
  index "./$name"
  mount_leak "./$name"
  [ "$(find mnt/eml/by-id -type f | wc -l)" -gt 100 ]
  [ "$(ls mnt/archive)" = $'-a,b \\ "c" _\u00e9.tar.gz' ]
}

@test "noindex: status 3 where there is none" {
  cp leak.tar.gz bare.tar.gz
  status 3 leakfs -o noindex bare.tar.gz mnt
  [ ! -e bare.tar.gz.leakidx ]
}

@test "the tree has its folders, and lsleakfs shows the same" {
  index leak.tar.gz
  mount_leak leak.tar.gz
  # shellcheck disable=SC2012 # names of ours
  [ "$(ls mnt | tr '\n' ' ')" = "README.txt archive attachments by-date by-id by-sender by-status catalog eml evidence " ]
  diff <(lsleakfs -R leak.tar.gz.leakidx | sort) <(cd mnt && find . -mindepth 1 | cut -c3- | sort)
  diff <(lsleakfs -Rl leak.tar.gz.leakidx archive | sort) \
    <(cd mnt/archive && TZ=UTC find . -mindepth 1 -printf '%M %4n %12s %TY-%Tm-%TdT%.8TTZ %P\n' | sort)
  for folder in "" by-sender eml/by-status archive attachments/by-type; do
    diff <(lsleakfs leak.tar.gz.leakidx $folder | sort) <(command ls -1 "mnt/$folder" | sort)
  done
}

@test "lsleakfs goes on behind a path that is not there" {
  index leak.tar.gz
  code=0
  lsleakfs --cat leak.tar.gz.leakidx README.txt no/such catalog/messages.csv >both 2>said || code=$?
  [ "$code" -eq 3 ]
  grep -q '^lsleakfs: no/such: is not in the tree' said
  diff both <(lsleakfs --cat leak.tar.gz.leakidx README.txt
    lsleakfs --cat leak.tar.gz.leakidx catalog/messages.csv)
  diff <(lsleakfs leak.tar.gz.leakidx catalog/messages.csv catalog) \
    <(echo messages.csv && lsleakfs leak.tar.gz.leakidx catalog)
  code=0
  lsleakfs --cat leak.tar.gz.leakidx README.txt README.txt >/dev/full 2>said || code=$?
  [ "$code" -eq 4 ]
  [ "$(grep -c "No space left" said)" -eq 1 ]
}

@test "lsleakfs -R lists paths that are longer than PATH_MAX" {
  python3 -c '
import tarfile
with tarfile.open("deep.tar", "w", format=tarfile.PAX_FORMAT) as archive:
    archive.addfile(tarfile.TarInfo("/".join(["d" * 100] * 60 + ["a.eml"])))'
  mkleakfs deep.tar
  [ "$(lsleakfs -R deep.tar.leakidx archive | tail -n 1 | wc -c)" -gt 6000 ]
}

@test "sizes, link counts and dates are true" {
  index leak.tar.gz
  mount_leak leak.tar.gz
  sizes_are_true mnt/by-date
  sizes_are_true mnt/catalog
  find mnt/by-date -type f -print0 | dates_are_true
  file=$(find mnt/by-date -type f | head -n 1)
  [ "$(find mnt -samefile "$file" | wc -l)" -eq "$(stat -c %h "$file")" ]
  [ "$(stat -c %h mnt/by-status)" -eq 4 ]
}

@test "nothing can be changed" {
  index leak.tar.gz
  mount_leak leak.tar.gz
  status 1 touch mnt/new
  status 1 rm -f mnt/README.txt
  status 2 sh -c 'echo x >>mnt/README.txt'
  grep -q ' mnt .*\|/mnt fuse.leakfs ro,nosuid,nodev,noexec' /proc/mounts
}

@test "it is read-only even where mount(8) asks for rw" {
  index leak.tar.gz
  mount_leak -o rw,exec,suid,dev leak.tar.gz
  grep -q '/mnt fuse.leakfs ro,nosuid,nodev,noexec' /proc/mounts
}

@test "an archive that changed is refused, and the message says what differs" {
  cp leak.tar.gz changed.tar.gz
  index changed.tar.gz
  echo more >>changed.tar.gz
  status 3 leakfs changed.tar.gz mnt
  [[ $output == *size* ]]
  cp leak.tar.gz changed.tar.gz
  printf 'X' | dd of=changed.tar.gz bs=1 seek=100 conv=notrunc status=none
  status 3 leakfs changed.tar.gz mnt
  [[ $output == *start* ]]
  status 3 leakfs -o index=leak.tar.gz.leakidx changed.tar.gz mnt
}

@test "an archive that is written to while it is mounted gives errors, its texts stay" {
  bsdtar -C plain -cf edited.tar .
  index edited.tar
  mount_leak edited.tar
  file=$(find mnt/eml/by-id -type f | head -n 1)
  cat "$file" >/dev/null
  sleep 0.1
  printf 'X' | dd of=edited.tar bs=1 seek=5000 conv=notrunc status=none
  other=$(find mnt/eml/by-id -type f | tail -n 1)
  status 1 cat "$other"
  grep -q '^Verified: ' "$(find mnt/by-date -type f | head -n 1)"
}

@test "an index alone: texts work without the archive" {
  bsdtar -C plain -cf gone.tar .
  index gone.tar
  mv gone.tar elsewhere.tar
  mount_leak gone.tar.leakidx
  grep -rq '^Verified: ' mnt/by-date
  file=$(find mnt/eml/by-id -type f | head -n 1)
  status 1 cat "$file"
  unmount
  mount_leak -o archive=elsewhere.tar gone.tar.leakidx
  [ "$(sha256sum <"$file" | cut -c1-16)" = "$(basename "$file" .eml)" ]
}

@test "a mount point that cannot be used: status 4" {
  index leak.tar.gz
  status 4 leakfs leak.tar.gz no-such-directory
  status 4 leakfs leak.tar.gz leak.tar.gz.keys
  mkdir full
  touch full/file
  status 4 leakfs leak.tar.gz full
  [[ $output == *"not empty"* ]]
  mount_leak leak.tar.gz
  status 4 leakfs leak.tar.gz mnt
  [ "$(grep -c "$PWD/mnt" /proc/mounts)" -eq 1 ]
}

@test "SIGTERM and fusermount3 -u end it cleanly" {
  index leak.tar.gz
  for how in TERM HUP unmount; do
    leakfs -f leak.tar.gz mnt &
    pid=$!
    # As soon as it is there: a signal must not come too early.
    until mountpoint -q mnt; do kill -0 "$pid"; done
    if [ "$how" = unmount ]; then fusermount3 -u mnt; else kill -"$how" "$pid"; fi
    wait "$pid"
    status 32 mountpoint -q mnt
  done
}

@test "after kill -9 nothing stays mounted" {
  # fusermount3, which does it, needs to make "/" a slave in a namespace of its own.
  unshare --mount true || skip "the root directory is no mount point here (a plain chroot)"
  index leak.tar.gz
  leakfs -f leak.tar.gz mnt &
  pid=$!
  for _ in $(seq 100); do mountpoint -q mnt && break; sleep 0.1; done
  kill -9 "$pid"
  wait "$pid" || true
  for _ in $(seq 50); do mountpoint -q mnt || break; sleep 0.1; done
  status 32 mountpoint -q mnt
  ls mnt
}

@test "two builds of one archive are the same to the byte" {
  export SOURCE_DATE_EPOCH=1500000000
  index -j 1 -o a.leakidx leak.tar.gz
  index -j 3 -o b.leakidx leak.tar.gz
  cmp a.leakidx b.leakidx
}
