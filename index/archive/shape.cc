// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/shape.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t tar_record = 512;
// Volume descriptors of ECMA-119 begin in sector 16.
constexpr std::uint64_t iso9660_magic_at = 0x8001;

}  // namespace

// POSIX.1 pax format: the checksum is the sum of the header's bytes, its own field as blanks.
bool is_tar(Bytes head) {
  if (head.size() < tar_record || head[0] == '\0') return false;
  constexpr std::size_t field = 148;
  constexpr std::size_t field_length = 8;
  unsigned stored = 0;
  for (const char c : head.substr(field, field_length)) {
    if (c >= '0' && c <= '7')
      stored = stored * 8 + static_cast<unsigned>(c - '0');
    else if (c != ' ')
      break;
  }
  if (stored == 0) return false;
  unsigned sum = 0;
  for (std::size_t i = 0; i < tar_record; ++i) {
    const bool is_own = i >= field && i < field + field_length;
    sum += is_own ? ' ' : static_cast<unsigned char>(head[i]);
  }
  return sum == stored;
}

bool has_cpio_magic(Bytes head) {
  return head.starts_with("070701") || head.starts_with("070702") || head.starts_with("070707") ||
         head.starts_with("\xc7\x71") || head.starts_with("\x71\xc7");
}

Result<Shape> shape_of(const codec::Input& input) {
  char magic[8] = {};
  const Bytes head(magic, TRY(input.read_some(0, magic, sizeof magic)));
  if (head.starts_with("PK\3\4") || head.starts_with("PK\5\6") || head.starts_with("PK00PK\3\4")) {
    return Shape::zip;
  }
  if (head.starts_with("7z\xbc\xaf\x27\x1c") || head.starts_with("Rar!\x1a\x07")) {
    return Shape::seekable;
  }
  const Bytes sector(magic, TRY(input.read_some(iso9660_magic_at, magic, 5)));
  return sector == "CD001" ? Shape::seekable : Shape::stream;
}

}  // namespace leakfs::archive
