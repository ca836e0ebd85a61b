#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes bombs and checks that mkleakfs takes each in 10 seconds, 1 GiB and little of the disk.

Each function of BOMBS writes one file of input that is small, and huge, deep or endless for whoever
believes it. mkleakfs must end with status 0, 1 or 3 and no signal, an index of at most 200 MB, and a
row of problems.csv of the kind that the bomb is listed with, if it is listed with one.

  bombs.py                 all of them
  bombs.py NAME...         these
  bombs.py --quick         those that are made in no time, as ctest does
  bombs.py --keep FOLDER   leaves the files there

Needs mkleakfs and lsleakfs on PATH. Status 1 if anything is not so.
"""
import argparse
import bz2
import gzip
import io
import lzma
import os
import struct
import sys
import tarfile
import tempfile
import zipfile
import zlib

import run

INDEX_MAX = 200_000_000  # bytes on the disk
HEAD = b"From: a@example.org\nTo: b@example.org\nDate: Mon, 24 Apr 2017 08:22:05 +0000\nSubject: x\n"

TEXT = b"A body that is text for as long as anybody looks at it.\n" * 2000


def mail(*fields, body=b"text\n"):
    return HEAD + b"".join(fields) + b"\n" + body


def tar_of(*members):
    """A tar of pairs of name and content, or of TarInfo."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for member in members:
            info, content = member if isinstance(member, tuple) else (member, b"")
            if isinstance(info, str):
                info = tarfile.TarInfo(info)
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zip_of(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def zeros_of_gzip(size):
    """`size` zeros, a multiple of 1 MiB, as members of gzip that are packed once."""
    piece = gzip.compress(bytes(1 << 20), 9, mtime=0)
    return piece * (size >> 20)


def nested_zips():
    """As 42.zip: 16 zips in each of 16 zips, five deep, each of the last with 4 GiB of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = bytes(1 << 24)
    body = b"".join(packer.compress(piece) for _ in range(16)) + packer.flush()
    content = zip_of_raw("zeros", body, zlib.crc32(bytes(1 << 28)), 1 << 28)
    for level in range(5):
        content = zip_of([(f"{level}-{number}.zip", content) for number in range(16)])
    return content


def local_header(name, method, crc, stored, length):
    return struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, 0, method, 0, 0x4a98, crc, stored, length,
                       len(name), 0) + name


def central_header(name, method, crc, stored, length, offset):
    return struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", 20, 20, 0, method, 0, 0x4a98, crc, stored,
                       length, len(name), 0, 0, 0, 0, 0, offset) + name


def end_record(count, size, offset):
    return struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, size, offset, 0)


def zip_of_raw(name, body, crc, length):
    name = name.encode()
    start = local_header(name, 8, crc, len(body), length) + body
    directory = central_header(name, 8, crc, len(body), length, 0)
    return start + directory + end_record(1, len(directory), len(start))


def overlapping_zip(count, size, is_quoted):
    """David Fifield's: all members share one body, or each quotes the header of the next."""
    kernel_content = bytes(size)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = packer.compress(kernel_content) + packer.flush()
    names = [b"%06d" % number for number in range(count)]
    out, offsets = b"", []
    if not is_quoted:
        crc = zlib.crc32(kernel_content)
        out = local_header(names[0], 8, crc, len(kernel), size) + kernel
        directory = b"".join(central_header(name, 8, crc, len(kernel), size, 0) for name in names)
        return out + directory + end_record(count, len(directory), len(out))
    # From the last: each body is a stored block that quotes the header behind it, and the rest.
    body, content, entries = kernel, kernel_content, []
    for name in reversed(names):
        crc = zlib.crc32(content)
        header = local_header(name, 8, crc, len(body), len(content))
        entries.append((name, crc, len(body), len(content), len(header) + len(body)))
        quote = struct.pack("<BHH", 0, len(header), len(header) ^ 0xffff)
        content, body = header + content, quote + header + body
    out = body[5:]
    directory = b"".join(
        central_header(name, 8, crc, stored, length, len(out) - distance)
        for name, crc, stored, length, distance in reversed(entries))
    return out + directory + end_record(count, len(directory), len(out))


def lost_headers_zip(count, size):
    """All members of the directory are to be looked for, in one body of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(bytes(size)) + packer.flush()
    out = local_header(b"other", 8, 1, len(body), size) + body
    directory = b"".join(central_header(b"%06d" % number, 8, 7, len(body), size, 0)
                         for number in range(count))
    return out + directory + end_record(count, len(directory), len(out))


def signatures_zip(start, signature, count):
    """Starts of headers and nothing behind them, where the directory is lost."""
    whole = mail()
    out = local_header(b"a.eml", 0, zlib.crc32(whole), len(whole), len(whole)) + whole
    out += start + signature * count
    return out + end_record(1, 46, len(out))


def open_ended_header():
    """Of a member that is stored and as long as what is said behind it."""
    return struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, 8, 0, 0, 0, 0, 0, 0, 1, 0) + b"b"


def seven_zip_number(value):
    for more in range(5):
        if value < 1 << 7 * (more + 1):
            first = (0xff00 >> more & 0xff) | value >> 8 * more
            return bytes([first]) + (value & (1 << 8 * more) - 1).to_bytes(more, "little")
    raise ValueError(value)


def damaged_seven_zip(count):
    """A 7z whose members are each packed alone, by deflate, and damaged (7zFormat.txt)."""
    number = seven_zip_number(count)
    names = b"\0" + "".join(f"{i}.eml\0" for i in range(count)).encode("utf-16-le")
    header = (b"\1\4"
              + b"\6\0" + number + b"\x09" + b"\4" * count + b"\0"  # packed, 4 bytes each
              + b"\7\x0b" + number + b"\0" + b"\1\3\4\1\x08" * count  # folders of one coder
              + b"\x0c" + b"\x40" * count + b"\0\x08\0\0"  # 64 bytes each, of one member
              + b"\5" + number + b"\x11" + seven_zip_number(len(names)) + names + b"\0\0")
    packed = b"\xff" * 4 * count
    start = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
    return (b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start + packed
            + header)


def bzip2_bits(content):
    return "".join(f"{byte:08b}" for byte in content)


def zeros_of_bzip2(blocks):
    """Blocks of 45,899,235 zeros: one is packed, and its bits are repeated in one stream."""
    size = 45_899_235
    packed = bzip2_bits(bz2.compress(bytes(2 * size), 9))
    magic = f"{0x314159265359:048b}"
    first = packed.index(magic)
    block = packed[first:packed.index(magic, first + 1)]
    crc = int(block[48:80], 2)
    combined = 0
    for _ in range(blocks):
        combined = ((combined << 1 | combined >> 31) & 0xffffffff) ^ crc
    bits = packed[:first] + block * blocks + f"{0x177245385090:048b}{combined:032b}"
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def gzip_layers(layers):
    content = mail()
    for _ in range(layers):
        content = gzip.compress(content, mtime=0)
    return content


def gzip_quine():
    """Russ Cox's idea, unrolled: gzip in gzip, each layer with a member of zeros behind it."""
    content = mail()
    for _ in range(12):
        content = gzip.compress(content, mtime=0) + gzip.compress(bytes(1 << 20), mtime=0)
    return content


def xz_dictionary():
    """The header of an .lzma that asks for a dictionary of 4 GiB, and a stream."""
    packed = bytearray(lzma.compress(tar_of(("a.eml", mail())), lzma.FORMAT_ALONE))
    packed[1:5] = b"\xff\xff\xff\xff"
    return bytes(packed)


def xz_block_dictionary():
    packed = bytearray(lzma.compress(tar_of(("a.eml", mail())), lzma.FORMAT_XZ))
    # The size of the dictionary is the property of the filter LZMA2 (0x21) in the block's header.
    at = packed.index(b"\x21\x01", 12) + 2
    packed[at] = 40
    header = packed[12:12 + (packed[12] + 1) * 4]
    packed[12 + len(header) - 4:12 + len(header)] = struct.pack("<L", zlib.crc32(header[:-4]))
    return bytes(packed)


def zstd_window():
    """A frame whose window is 2 GiB (RFC 8878 §3.1.1.1.2), of raw blocks."""
    content = tar_of(("a.eml", mail()))
    frame = b"\x28\xb5\x2f\xfd\x00" + bytes([(31 - 10) << 3])
    return frame + struct.pack("<L", len(content) << 3 | 1)[:3] + content


def nested_multiparts(depth):
    parts = b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (i, i + 1)
                     for i in range(depth))
    return mail(b"Content-Type: multipart/mixed; boundary=b0\n", body=parts)


def nested_messages(depth):
    return mail(b"Content-Type: message/rfc822\n", body=b"Content-Type: message/rfc822\n\n" * depth)


def many_parts(count):
    return mail(b"Content-Type: multipart/mixed; boundary=b\n",
                body=b"--b\nContent-Disposition: attachment; filename=a\n\nx\n" * count + b"--b--\n")


def rfc2231_segments(count):
    segments = b"".join(b";\n filename*%d*=%%41" % i for i in range(count))
    return mail(b"Content-Disposition: attachment" + segments + b"\n")


def odd_tar():
    kinds = [("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("fifo", tarfile.FIFOTYPE),
             ("character", tarfile.CHRTYPE), ("block", tarfile.BLKTYPE)]
    members = [("../../../../tmp/escaped.eml", mail()), ("/etc/absolute.eml", mail())]
    for name, kind in kinds:
        info = tarfile.TarInfo(name)
        info.type = kind
        info.linkname = "/etc/passwd" if kind == tarfile.SYMTYPE else "same.eml"
        members.append(info)
    members += [("same.eml", mail(b"X-Number: %d\n" % number)) for number in range(50)]
    members += [("same.eml/below.eml", mail()), ("dir", b""), ("dir/..", b"x"), ("./.", b"x")]
    return tar_of(*members)


def huge_pax_header():
    size = 64 << 20
    info = tarfile.TarInfo("a.eml")
    info.pax_headers = {"comment": "x" * size}
    info.size = len(mail())
    return gzip.compress(tar_of((info, mail()), ("b.eml", mail(b"X: b\n"))), 1, mtime=0)


def sparse_tar():
    """pax, GNU sparse 1.0: one byte of data at the end of 8 EiB."""
    info = tarfile.TarInfo("x")
    data = b"1\n9223372036854775000\n512\n".ljust(512, b"\0") + b"a" * 512
    info.size = len(data)
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0",
                        "GNU.sparse.name": "sparse", "GNU.sparse.realsize": "9223372036854775512"}
    return tar_of((info, data), ("a.eml", mail()))


# Name: what makes it, the end of its name, the kind of the row that tells (or none), is it quick.
BOMBS = {
    "nested-zip": (nested_zips, ".zip", "ratio", False),
    "overlap-zip": (lambda: overlapping_zip(20_000, 1 << 24, False), ".zip", "overlap", True),
    "quoted-zip": (lambda: overlapping_zip(250, 21 << 20, True), ".zip", "overlap", True),
    "lost-zip": (lambda: lost_headers_zip(2_000, 1 << 28), ".zip", "damaged", False),
    "headers-zip": (lambda: signatures_zip(b"", b"PK\3\4", 1_000_000), ".zip", "damaged", True),
    "descriptors-zip": (lambda: signatures_zip(open_ended_header(), b"PK\7\x08", 1_000_000), ".zip",
                        "damaged", True),
    "blocks-7z": (lambda: damaged_seven_zip(100_000), ".7z", "damaged", True),
    "magics-bzip2": (lambda: bz2.compress(tar_of(("a.eml", mail())))[:-10] +
                     (b"1AY&SY" + bytes(18)) * 100_000, ".tar.bz2", "damaged", False),
    "bzip2-mail": (lambda: bz2.compress(mail(body=TEXT)) + zeros_of_bzip2(234), ".eml.bz2", "ratio", False),
    "bzip2-zeros": (lambda: zeros_of_bzip2(234), ".bz2", None, False),
    "gzip-mail": (lambda: gzip.compress(mail(body=TEXT)) + zeros_of_gzip(10 << 30), ".gz", "ratio", False),
    "gzip-31": (lambda: gzip_layers(31), ".gz", None, True),
    "gzip-quine": (gzip_quine, ".gz", None, True),
    "lzma-4g": (xz_dictionary, ".tar.lzma", None, True),
    "xz-4g": (xz_block_dictionary, ".tar.xz", None, True),
    "zstd-2g": (zstd_window, ".tar.zst", None, True),
    "multiparts": (lambda: nested_multiparts(100_000), ".eml", "depth", True),
    "messages": (lambda: nested_messages(100_000), ".eml", "depth", True),
    "parts": (lambda: many_parts(100_000), ".eml", "parts", True),
    "header": (lambda: mail(b"X: " + b"x" * 100_000_000 + b"\n"), ".eml", "big", False),
    "folded": (lambda: mail(b"X: " + b"x\n " * 33_000_000 + b"\n"), ".eml", "big", False),
    "recipients": (lambda: mail(b"To: " + b", ".join(b"r%d@example.org" % i
                                                     for i in range(1_000_000)) + b"\n"),
                   ".eml", "header", True),
    "comments": (lambda: mail(b"Date: " + b"()" * 500_000 + b"\nReply-To: " + b"(" * 500_000 +
                              b"\n"), ".eml", "field", True),
    "fields": (lambda: mail(b"X-A: b\n" * 1_000_000), ".eml", "header", True),
    "few-fields": (lambda: mail(b"X-A: b\n" * 100_000), ".eml", "fields", True),
    "segments": (lambda: rfc2231_segments(100_000), ".eml", "header", True),
    "few-segments": (lambda: rfc2231_segments(3_000), ".eml", "parameters", True),
    "empty-members": (lambda: tar_of(*[(f"{i}", b"") for i in range(100_000)]), ".tar", None, True),
    "odd-tar": (odd_tar, ".tar", None, True),
    "pax-header": (huge_pax_header, ".tar.gz", None, True),
    "sparse-tar": (sparse_tar, ".tar", "ratio", True),
}


def check(name, folder):
    make, suffix, kind, _ = BOMBS[name]
    path = os.path.join(folder, name + suffix)
    with open(path, "wb") as file:
        file.write(make())
    outcome = run.build(path)
    found = outcome.faults()
    if outcome.index_size > INDEX_MAX:
        found.append(f"its index has {outcome.index_size} bytes")
    kinds = set()
    if outcome.status in (0, 1):
        kinds = {row["kind"] for row in run.rows(outcome.index, "problems")}
        if kind and kind not in kinds:
            found.append(f"no row of kind {kind}, but of {' '.join(sorted(kinds)) or 'none'}")
    elif kind:
        found.append(f"status {outcome.status}: {outcome.stderr.strip()}")
    print(f"{name}: {os.path.getsize(path)} bytes, status {outcome.status}, {outcome.seconds:.2f} s, "
          f"{outcome.memory >> 20} MiB, index {outcome.index_size >> 10} KiB, "
          f"{' '.join(sorted(kinds))}", flush=True)
    for fault in found:
        print(f"{name}: FAILED: {fault}", flush=True)
    return not found


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *BOMBS])
    parser.add_argument("--quick", action="store_true", help="only those that are made in no time")
    parser.add_argument("--keep", metavar="FOLDER", help="leave the files there")
    arguments = parser.parse_args()
    run.no_core_files()
    names = arguments.names or [name for name, bomb in BOMBS.items()
                                if bomb[3] or not arguments.quick]
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or scratch
        failures = [name for name in names if not check(name, folder)]
    print(f"{len(names)} bombs, {len(failures)} failures: {' '.join(failures)}")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
