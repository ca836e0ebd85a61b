#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Where keys come from, and what is said of a key file with errors.
load leak

# A file of the catalog of an index.
catalog() { lsleakfs --cat "$1" "catalog/$2"; }

@test "a key file with errors: each is said with file and line, the rest is used, status 1" {
  {
    printf 'nonsense\n'
    cat leak.tar.gz.keys
    printf 's._domainkey.example.org. IN TXT "v=DKIM1; p=MIGf!"\r\n'
    printf 't._domainkey.example.org. IN TXT ( "v=DKIM1; p="'
  } >bad.keys
  last=$(($(wc -l <bad.keys) + 1))
  status 1 mkleakfs --force -k ./bad.keys -o bad.leakidx leak.tar.gz
  [[ $output == *"mkleakfs: ./bad.keys:1: "* ]]
  [[ $output == *"mkleakfs: ./bad.keys:$((last - 1)): "*"p= is no base64"* ]]
  [[ $output == *"mkleakfs: ./bad.keys:$last: "*"is not closed"* ]]
  index -o good.leakidx leak.tar.gz
  diff <(catalog bad.leakidx messages.csv) <(catalog good.leakidx messages.csv)
  [ "$(catalog bad.leakidx problems.csv | grep -c '^bad.keys:[0-9]*,0,keys,')" -eq 3 ]
  lsleakfs --cat bad.leakidx ERRORS.txt | grep "^bad.keys:$last: keys: "
}

@test "a key file without errors: status 0" {
  printf '; a comment\r\n\r\nexample.org. IN MX 10 mail\r\n_domainkey.example.org. IN TXT "o=~"\r\n' >other.keys
  printf 'old._domainkey.example.org. IN TXT "v=DKIM1; p="' >>other.keys
  index -k other.keys leak.tar.gz
}

@test "-k is repeatable, and one key file that cannot be read is too many" {
  split -n l/2 leak.tar.gz.keys half.
  index -o whole.leakidx leak.tar.gz
  mkleakfs --force -k half.aa -k half.ab -o halves.leakidx leak.tar.gz
  diff <(catalog halves.leakidx messages.csv) <(catalog whole.leakidx messages.csv)
  status 3 mkleakfs -k half.aa -k none.keys -o none.leakidx leak.tar.gz
  status 3 mkleakfs -k half.aa -k plain -o none.leakidx leak.tar.gz
  [ ! -e none.leakidx ]
}
