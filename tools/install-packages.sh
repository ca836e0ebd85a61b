#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the Debian 12 packages that building and running leakfs needs; with --tests those that
# its tests need as well. Does nothing, and needs no root, where all of them are there.
set -eu

packages='
  cmake ninja-build g++ pkg-config
  libfuse3-dev fuse3 libarchive-dev libmimetic-dev libssl-dev liblmdb-dev
  zlib1g-dev libbz2-dev liblzma-dev libzstd-dev libxxhash-dev libflatbuffers-dev flatbuffers-compiler
  libgumbo-dev libuchardet-dev libunistring-dev libpsl-dev libfmt-dev libcli11-dev
  libseccomp-dev
'
if [ "${1-}" = --tests ]; then
  packages="$packages
    7zip bats bzip2 clang-format-19 clang-tidy-19 libarchive-tools libbenchmark-dev libgmock-dev libgtest-dev
    libmail-dkim-perl libopendkim-dev mandoc openssl python3 python3-authres python3-cryptography
    python3-dkim python3-nacl shellcheck strace xxhash zip
  "
fi

missing=
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0

sudo=
if [ "$(id -u)" != 0 ]; then sudo=sudo; fi
$sudo apt-get update
# shellcheck disable=SC2086 # a list of words
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends $missing
