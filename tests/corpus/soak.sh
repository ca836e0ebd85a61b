#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A mount under everything at once: readers.py with 8 threads, find, grep -r, and a kernel that is
# made to forget (as root only).
#
#   tests/corpus/soak.sh MOUNTPOINT [SECONDS]
#
# Ends with the status of readers.py, which checks each byte and the memory of leakfs, or with 1 if
# find or grep did not see the same each time.
set -eu
point=$1
seconds=${2:-600}
here=$(dirname "$0")
seen=$(mktemp -d)
trap 'kill 0' INT TERM
trap 'rm -r "$seen"' EXIT

# same NAME COMMAND...: runs it until the time is over; what it says has to stay the same.
same() {
  name=$1
  shift
  "$@" | sort | sha256sum >"$seen/$name"
  while [ ! -e "$seen/end" ]; do
    "$@" | sort | sha256sum >"$seen/$name.again"
    cmp -s "$seen/$name" "$seen/$name.again" || touch "$seen/differs"
    echo "$name" >>"$seen/runs"
  done
}

forget() {
  while [ ! -e "$seen/end" ]; do
    echo 2 >/proc/sys/vm/drop_caches
    sleep 5
  done
}

same find find "$point/by-date" "$point/eml/by-status" "$point/attachments" &
same grep grep -rlF 'type theory' "$point/by-date" &
if [ "$(id -u)" -eq 0 ]; then forget & fi
status=0
"$here/readers.py" "$point" "$seconds" 8 || status=$?
touch "$seen/end"
wait
sort "$seen/runs" | uniq -c
if [ -e "$seen/differs" ]; then
  echo "find or grep did not see the same each time"
  exit 1
fi
exit "$status"
