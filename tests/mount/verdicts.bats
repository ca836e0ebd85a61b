#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Verdicts that change with the keys, and evidence that stands without leakfs.
load leak

catalog_files=(catalog/{messages,attachments,signatures,missing-keys,senders,problems}.csv)

# Everything of an index that a verdict shows in.
snapshot() { lsleakfs --cat "$1" "${catalog_files[@]}" README.txt; }

@test "--reverify gives what a build with these keys gives, without the archive" {
  index -o with.leakidx leak.tar.gz
  mkleakfs --force -o without.leakidx leak.tar.gz
  mkdir elsewhere
  cp without.leakidx elsewhere/again.leakidx
  mkleakfs --reverify elsewhere/again.leakidx --keys leak.tar.gz.keys
  diff <(snapshot with.leakidx) <(snapshot elsewhere/again.leakidx)
  mkleakfs --check elsewhere/again.leakidx
  diff <(lsleakfs with.leakidx by-status/verified) \
    <(lsleakfs elsewhere/again.leakidx by-status/verified)
  # And back: an index remembers no key that it is not given.
  mkleakfs --reverify elsewhere/again.leakidx
  diff <(snapshot without.leakidx) <(snapshot elsewhere/again.leakidx)
  split -n l/2 leak.tar.gz.keys half.
  mkleakfs --reverify elsewhere/again.leakidx --keys half.aa half.ab
  diff <(snapshot with.leakidx) <(snapshot elsewhere/again.leakidx)
  [ "$(stat -c %a elsewhere/again.leakidx)" = 600 ]
  [ "$(ls elsewhere)" = again.leakidx ]
}

@test "the fronts of the texts follow, with true sizes; their bodies stay" {
  index -o with.leakidx leak.tar.gz
  mkleakfs --force -o again.leakidx leak.tar.gz
  mkleakfs --reverify again.leakidx --keys leak.tar.gz.keys
  lsleakfs --cat with.leakidx catalog/messages.csv | sed -E '1d; s|^(..)([^,]*),.*|by-id/\1/\1\2.txt|' |
    head -200 >names
  xargs lsleakfs --cat again.leakidx <names >texts
  cmp <(xargs lsleakfs --cat with.leakidx <names) texts
  xargs lsleakfs -l again.leakidx <names >rows
  diff <(xargs lsleakfs -l with.leakidx <names) rows
  [ "$(awk '{ sum += $3 } END { print sum }' rows)" -eq "$(wc -c <texts)" ]
}

@test "--reverify with a bad key file: said, status 1, the rest used; the catalog forgets old ones" {
  index -o with.leakidx leak.tar.gz
  cp with.leakidx again.leakidx
  { echo nonsense; cat leak.tar.gz.keys; } >bad.keys
  status 1 mkleakfs --reverify again.leakidx -k bad.keys
  [[ $output == *"mkleakfs: bad.keys:1: "* ]]
  [ "$(lsleakfs --cat again.leakidx catalog/problems.csv | grep -c '^bad.keys:1,0,keys,')" -eq 1 ]
  diff <(lsleakfs --cat with.leakidx catalog/messages.csv) \
    <(lsleakfs --cat again.leakidx catalog/messages.csv)
  mkleakfs --reverify again.leakidx -k leak.tar.gz.keys
  diff <(snapshot with.leakidx) <(snapshot again.leakidx)
}

@test "--reverify touches no index that it cannot finish" {
  index -o with.leakidx leak.tar.gz
  cp with.leakidx again.leakidx
  status 3 mkleakfs --reverify again.leakidx -k none.keys
  status 3 mkleakfs --reverify leak.tar.gz -k leak.tar.gz.keys
  status 3 mkleakfs --reverify none.leakidx
  status 2 mkleakfs --reverify again.leakidx leak.tar.gz
  cmp with.leakidx again.leakidx
}

@test "an index that is mounted can be judged again; the mount keeps the old one" {
  mkleakfs --force -o again.leakidx leak.tar.gz
  before=$(lsleakfs --cat again.leakidx catalog/messages.csv | sha256sum)
  mount_leak -o index=again.leakidx leak.tar.gz
  mkleakfs --reverify again.leakidx -k leak.tar.gz.keys
  [ "$(sha256sum <mnt/catalog/messages.csv)" = "$before" ]
}

@test "missing-keys.csv counts the messages that wait for a key" {
  mkleakfs --force --no-shipped-keys -o without.leakidx leak.tar.gz
  lsleakfs --cat without.leakidx catalog/signatures.csv >signatures.csv
  lsleakfs --cat without.leakidx catalog/missing-keys.csv >missing.csv
  python3 - <<'PYTHON'
import collections, csv

needs = collections.defaultdict(lambda: [set(), set()])
for row in csv.DictReader(open("signatures.csv", encoding="utf-8", newline="")):
    if row["result"] == "permerror":
        continue
    messages, intact = needs[row["selector"], row["domain"]]
    messages.add(row["id"])
    if row["body_hash"] == "ok":
        intact.add(row["id"])
rows = list(csv.DictReader(open("missing.csv", encoding="utf-8", newline="")))
found = {(r["selector"], r["domain"]): (int(r["messages"]), int(r["body_intact"])) for r in rows}
assert found == {name: (len(a), len(b)) for name, (a, b) in needs.items()}, found
assert [int(r["messages"]) for r in rows] == sorted((int(r["messages"]) for r in rows), reverse=True)
PYTHON
}

# Runs the commands that the evidence of a message gives for a signature: evidence ID NUMBER.
openssl_says() {
  cp "mnt/evidence/${1:0:2}/$1.txt" evidence.txt
  awk -v number="$2" '/^Signature / { ours = $2 == number ":" } ours && /^  / { print }' \
    evidence.txt >commands
  if sh -e commands >said 2>&1; then echo ok; else echo bad; fi
}

@test "openssl alone confirms each header signature by what evidence/ has" {
  index leak.tar.gz
  mount_leak leak.tar.gz
  awk -F, '$12 == "ok" || $12 == "bad" { if (seen[$6 $7 $10]++ < 3) print $1, $2, $12 }' \
    mnt/catalog/signatures.csv >chosen
  [ "$(wc -l <chosen)" -gt 10 ]
  while read -r id number fact; do
    [ "$(openssl_says "$id" "$number")" = "$fact" ]
  done <chosen
}

# The body hash as leakfs-verdict(7) tells to make it: body_hash relaxed|simple FILE.
body_hash() {
  sed -e '1,/^\r*$/d' -e 's/\r$//' "$2" |
    if [ "$1" = relaxed ]; then sed -e 's/[ \t][ \t]*/ /g' -e 's/ $//'; else cat; fi |
    sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' | sed 's/$/\r/' |
    openssl dgst -sha256 -binary | openssl base64
}

@test "the body hash in evidence/ is that of the bytes in eml/" {
  index leak.tar.gz
  mount_leak leak.tar.gz
  awk -F, '$6 == "rsa-sha256" && $11 != "none" { if (seen[$7 $11]++ < 3) print $1, $2, $7 }' \
    mnt/catalog/signatures.csv >chosen
  [ "$(wc -l <chosen)" -gt 5 ]
  while read -r id number how; do
    # A hash of a part of the body is not made so.
    awk -v number="$number" '/^Signature / { ours = $2 == number ":" } ours' \
      "mnt/evidence/${id:0:2}/$id.txt" >signature
    sed -n '/^-----BEGIN SIGNED/,/^-----END/p' signature | sed '1d;$d' | openssl base64 -d >signed
    if grep -q ' l=' signed; then continue; fi
    [ "$(sed -n 's/^Body hash of the body here: //p' signature)" = \
      "$(body_hash "${how#*/}" "mnt/eml/by-id/${id:0:2}/$id.eml")" ]
  done <chosen
}

@test "evidence/ has a file for every message, of true size" {
  index leak.tar.gz
  mount_leak leak.tar.gz
  diff <(cd mnt/evidence && find . -type f | sort) <(cd mnt/by-id && find . -type f | sort)
  find mnt/evidence -type f -printf '%s %p\n' | sort -R --random-source=leak.tar.gz | head -60 |
    while read -r size file; do [ "$(wc -c <"$file")" -eq "$size" ]; done
}
