#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Checks signatures again by what evidence/ says of them, with sed(1) and openssl(1) alone:
# evidence.sh INDEX [COUNT]. Of every kind of signature in catalog/signatures.csv that has a header
# signature, COUNT are checked (default 20); the archive has to be where the index finds it.
set -eu

index=$1
count=${2:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

lsleakfs --cat "$index" catalog/signatures.csv >"$work/signatures.csv"
# id,n,kind,domain,selector,algorithm,canonicalization,key_bits,result,reason,body_hash,header
awk -F, -v count="$count" \
  '$12 == "ok" || $12 == "bad" { if (seen[$3 $6 $7 $12]++ < count) print $1, $2, $12 }' \
  "$work/signatures.csv" >"$work/chosen"
wrong=0
cd "$work"
while read -r id number fact; do
  name=evidence/$(printf %.2s "$id")/$id.txt
  lsleakfs --cat "$index" "$name" >evidence.txt
  size=$(lsleakfs -l "$index" "$name" | awk '{ print $3 }')
  [ "$size" = "$(wc -c <evidence.txt)" ] || { echo "$name: size $size is not true"; wrong=1; }
  # The commands that the file gives for this signature.
  awk -v number="$number" '
    /^Signature / { is_ours = $2 == number ":" }
    is_ours && /^  / { print }' evidence.txt >commands
  if sh -e commands >said 2>&1; then found=ok; else found=bad; fi
  [ "$found" = "$fact" ] || { echo "$name: signature $number: openssl says $found"; wrong=1; }
done <chosen
echo "$(wc -l <chosen) signatures checked"
exit "$wrong"
