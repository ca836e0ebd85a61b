// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/rar.h"

#include <algorithm>
#include <cstdint>

namespace leakfs::archive {
namespace {

constexpr Bytes mark_4("Rar!\x1a\x07\0", 7);
constexpr Bytes mark_5("Rar!\x1a\x07\1\0", 8);

// RAR 5.0 archive format, "General archive structure": 7 bits in a byte, the lowest first.
std::uint64_t take_number(Bytes& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[0]);
    bytes.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) break;
  }
  return number;
}

// Of the header of the archive, the first: type, flags, and behind them what it is.
bool is_volume_5(Bytes bytes) {
  constexpr std::uint64_t type_archive = 1;
  constexpr std::uint64_t flag_extra = 1;
  bytes.remove_prefix(std::min<std::size_t>(4, bytes.size()));  // its checksum
  take_number(bytes);                                           // its size
  if (take_number(bytes) != type_archive) return false;
  if ((take_number(bytes) & flag_extra) != 0) take_number(bytes);
  return (take_number(bytes) & 1) != 0;
}

}  // namespace

bool is_rar_volume(Bytes head) {
  if (head.starts_with(mark_5)) return is_volume_5(head.substr(mark_5.size()));
  // technote.txt of RAR 3: checksum, type 0x73, flags of 16 bits.
  return head.starts_with(mark_4) && head.size() > mark_4.size() + 3 &&
         head[mark_4.size() + 2] == '\x73' && (head[mark_4.size() + 3] & 1) != 0;
}

}  // namespace leakfs::archive
