// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/zip_search.h"

#include <algorithm>

namespace leakfs::archive {
namespace {

constexpr std::size_t search_size = 1 << 20;
constexpr std::size_t signature_size = 4;
constexpr std::size_t descriptor_size = 16;  // with its signature and lengths of 32 bits

// The first of two signatures in a range.
Result<std::optional<std::uint64_t>> find(const codec::Input& input, std::uint64_t from,
                                          std::uint64_t end, Bytes one, Bytes other) {
  ByteString buffer(search_size, '\0');
  while (from + signature_size <= end) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(search_size, end - from));
    const std::size_t count = TRY(input.read_some(from, buffer.data(), wanted));
    if (count < signature_size) return std::nullopt;
    const Bytes bytes = Bytes(buffer).substr(0, count);
    const std::size_t at = std::min(bytes.find(one), bytes.find(other));
    if (at != Bytes::npos) return from + at;
    from += count - (signature_size - 1);
  }
  return std::nullopt;
}

// Where bytes end whose number is told behind them only, and that do not end by themselves.
Result<std::uint64_t> find_end(const codec::Input& input, std::uint64_t data, std::uint64_t end) {
  for (std::uint64_t from = data;;) {
    const auto at = TRY(find(input, from, end, "PK\7\b", "PK\3\4"));
    if (!at) return end;
    const auto descriptor = TRY(read_exactly(input, *at, descriptor_size));
    if (!descriptor || descriptor->starts_with("PK\3\4")) return *at;
    if (zip_u32(*descriptor, 8) == static_cast<std::uint32_t>(*at - data)) return *at;
    from = *at + 1;
  }
}

}  // namespace

Result<std::optional<FoundZipMember>> find_member(const codec::Input& input, std::uint64_t from,
                                                  std::uint64_t end) {
  while (const auto at = TRY(find(input, from, end, "PK\3\4", "PK\3\4"))) {
    from = *at + 1;
    const std::optional<ZipEntry> entry = TRY(read_local_entry(input, *at));
    if (!entry || entry->header_size > end - *at) continue;
    FoundZipMember found{.entry = *entry,
                         .place = {.begin = *at, .data = *at + entry->header_size, .end = end}};
    if (!entry->do_lengths_follow() || entry->stored_length > 0) {
      found.place.end = std::min(end, found.place.data + std::min(entry->stored_length, end));
    } else if (!entry->is_plain() || entry->method == ZipEntry::method_stored) {
      found.place.end = TRY(find_end(input, found.place.data, end));
    }
    return found;
  }
  return std::nullopt;
}

Result<bool> take_descriptor(const codec::Input& input, std::uint64_t at, ZipEntry& entry) {
  if (!entry.do_lengths_follow()) return true;
  const auto descriptor = TRY(read_exactly(input, at, descriptor_size));
  if (!descriptor) return false;
  const Bytes numbers = Bytes(*descriptor).substr(descriptor->starts_with("PK\7\b") ? 4 : 0);
  entry.crc32 = zip_u32(numbers, 0);
  entry.length = zip_u32(numbers, 8);
  return true;
}

}  // namespace leakfs::archive
