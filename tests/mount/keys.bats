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

# A mail that claims to be signed with a key that leakfs ships: with that key the signature is bad,
# without it nothing is known.
forged_mail() {
  mkdir -p forged
  cat >forged/1.eml <<MAIL
From: Alice <alice@gmail.com>
To: bob@example.org
Date: Tue, 12 Feb 2013 10:00:00 +0000
Subject: budget
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=gmail.com; s=20120113;
 h=from:to:date:subject; bh=$(printf 'budget\r\n' | openssl dgst -sha256 -binary | base64);
 b=$(printf 'forged%.0s' {1..8} | base64 -w0)

budget
MAIL
}
reason() { catalog forged.leakidx messages.csv | grep -o ',unverified,[a-z-]*,'; }

@test "the keys that leakfs ships are used, unless they are not wanted" {
  forged_mail
  mkleakfs --force forged
  [ "$(reason)" = ,unverified,headers-altered, ]
  mkleakfs --force --no-shipped-keys forged
  [ "$(reason)" = ,unverified,key-missing, ]
  rm forged.leakidx
  mount_leak forged
  [ "$(reason)" = ,unverified,headers-altered, ]
}

@test "a key file adds to the shipped keys, also under their names" {
  forged_mail
  openssl genrsa -out private.pem 2048
  printf '20120113._domainkey.gmail.com. IN TXT "k=rsa; " "p=%s"\n' \
    "$(openssl rsa -in private.pem -pubout -outform DER | base64 -w0)" >own.keys
  /usr/bin/python3 - <<'PYTHON'
import dkim
mail = b"From: a@gmail.com\r\nSubject: hello\r\n\r\nhello\r\n"
key = open("private.pem", "rb").read()
signature = dkim.sign(mail, b"20120113", b"gmail.com", key, include_headers=[b"from", b"subject"])
open("forged/2.eml", "wb").write(signature + mail)
PYTHON
  mkleakfs --force -k own.keys forged
  [ "$(catalog forged.leakidx messages.csv | grep -c ',verified,')" -eq 1 ]
  [ "$(reason)" = ,unverified,headers-altered, ]
  mkleakfs --force forged
  [ "$(catalog forged.leakidx messages.csv | grep -c ',verified,')" -eq 0 ]
}
