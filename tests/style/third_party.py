# SPDX-License-Identifier: GPL-3.0-or-later
"""Which file may see which foreign library: one adapter each, never a header of ours.

A header that is neither C++, C, POSIX or Linux nor in the table is a finding, so that a new
dependency has to be entered here.
"""
import fnmatch
import re

import sources

# Foreign header (a pattern) -> the files that may include it.
ADAPTERS = {
    "mimetic/*": ["index/mail/mime*.cc"],
    "gumbo.h": ["index/mail/html*.cc"],
    "iconv.h": ["index/mail/charset*.cc"],
    "uchardet*": ["index/mail/charset*.cc"],
    "uni*.h": ["index/mail/unicode.cc"],
    # The benchmark shows what OpenSSL takes alone.
    "openssl/*": ["index/crypto/*.cc", "index/crypto/openssl.h", "tests/bench/verify/openssl.cc"],
    "archive.h": ["index/archive/*"],
    "archive_entry.h": ["index/archive/*"],
    # Decompression; the tests pack what they unpack.
    "zlib.h": ["index/codec/zlib_stream.h", "index/codec/crc32.cc", "tests/unit/codec/packed.h"],
    "bzlib.h": ["index/codec/bzip2.cc", "tests/unit/codec/packed.h"],
    "lzma.h": ["index/codec/xz.cc", "tests/unit/codec/packed.h"],
    "libpsl.h": ["index/dkim/organization.cc"],
    "lmdb.h": ["index/store/*.cc"],
    "zstd.h": ["index/store/*.cc", "index/codec/zstd.cc", "tests/unit/codec/packed.h"],
    "zstd_errors.h": ["index/store/*.cc", "index/codec/zstd.cc"],
    "zdict.h": ["index/store/*.cc"],
    "flatbuffers/*": ["index/store/*.cc"],
    # Generated from records.fbs: the vocabulary of what an index holds, in no library's words.
    "*_generated.h": ["index/store/*", "index/view/*", "index/build/*"],
    "seccomp.h": ["index/sandbox/seccomp.cc"],
    "xxhash.h": ["index/base/checksum.cc"],
    "fuse*.h": ["fs/fuse/*"],
    "CLI/*": ["tools/*.cc"],
    "gtest/*": ["tests/unit/*"],
    "gmock/*": ["tests/unit/*"],
    "benchmark/*": ["tests/bench/*.cc"],
    "opendkim/*": ["tests/bench/verify/opendkim.cc"],
    "unwind.h": ["tests/hostile/failing_malloc.cc"],
    # The stand-in for <format>, which g++ 12 does not have.
    "fmt/*": ["*"],
}
# How many files may adapt a library that has its allowed files given as a whole folder.
FILES_MAX = {"lmdb.h": 2, "zstd.h": 3}

C_AND_CXX = re.compile(r"^[a-z_0-9]+$")
SYSTEM = set("""
    aio.h dirent.h dlfcn.h endian.h err.h errno.h fcntl.h fnmatch.h ftw.h getopt.h glob.h grp.h langinfo.h
    limits.h locale.h malloc.h math.h mntent.h poll.h pthread.h pwd.h sched.h semaphore.h setjmp.h
    signal.h spawn.h stdint.h stdio.h stdlib.h string.h strings.h sysexits.h syslog.h termios.h
    time.h unistd.h wchar.h wctype.h immintrin.h emmintrin.h
""".split())
SYSTEM_FOLDERS = ("sys/", "linux/", "asm/", "arpa/", "netinet/", "bits/")


def is_system(header):
    # uniconv.h and the like are libunistring's; none of the names above begins with "uni" but unistd.h.
    return bool(C_AND_CXX.match(header)) or header in SYSTEM or header.startswith(SYSTEM_FOLDERS)


findings = []
users = {header: set() for header in FILES_MAX}
for path in [p for top in ("index", "fs", "tools", "tests") for p in sources.paths(".h", ".cc", under=top)]:
    for number, header, is_quoted in sources.includes(path):
        if is_system(header) or (is_quoted and not header.endswith("_generated.h")):
            continue
        name = header.split("/")[-1] if is_quoted else header
        library = next((l for l in ADAPTERS if fnmatch.fnmatchcase(name, l)), None)
        if library is None:
            findings.append(f"{path}:{number}: <{header}>: no adapter is listed for this library")
            continue
        if not any(fnmatch.fnmatchcase(path, allowed) for allowed in ADAPTERS[library]):
            allowed = " ".join(ADAPTERS[library])
            findings.append(f"{path}:{number}: <{header}> belongs in {allowed} only")
        if library in users:
            users[library].add(path)
for header, files in users.items():
    if len(files) > FILES_MAX[header]:
        findings.append(f"<{header}> has {len(files)} adapters, at most {FILES_MAX[header]}: "
                        + " ".join(sorted(files)))
sources.finish(findings, "third-party includes")
