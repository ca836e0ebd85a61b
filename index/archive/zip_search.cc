// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/zip_search.h"

#include <algorithm>

namespace leakfs::archive {
namespace {

constexpr std::size_t signature_size = 4;
constexpr std::size_t descriptor_size = 16;  // with its signature and lengths of 32 bits

// Where the first of two signatures is, or the end.
std::size_t find_in(Bytes bytes, Bytes one, Bytes other) {
  std::size_t at = bytes.find("PK");
  while (at != Bytes::npos && bytes.substr(at, signature_size) != one &&
         bytes.substr(at, signature_size) != other) {
    at = bytes.find("PK", at + 1);
  }
  return at;
}

// The first of two signatures between the reader's position, which moves there, and `end`.
Result<std::optional<std::uint64_t>> find(codec::InputReader& reader, std::uint64_t end, Bytes one,
                                          Bytes other) {
  while (reader.position() + signature_size <= end) {
    const Bytes bytes = TRY(reader.peek(signature_size)).substr(0, end - reader.position());
    if (bytes.size() < signature_size) return std::nullopt;
    const std::size_t at = find_in(bytes, one, other);
    reader.skip(std::min(at, bytes.size() - (signature_size - 1)));
    if (at != Bytes::npos) return reader.position();
  }
  return std::nullopt;
}

// Where bytes end whose number is told behind them only, and that do not end by themselves.
Result<std::uint64_t> find_end(const codec::Input& input, std::uint64_t data, std::uint64_t end) {
  codec::InputReader reader(input, data);
  while (const auto at = TRY(find(reader, end, "PK\7\b", "PK\3\4"))) {
    const auto descriptor = TRY(read_exactly(input, *at, descriptor_size));
    if (!descriptor || descriptor->starts_with("PK\3\4")) return *at;
    if (zip_u32(*descriptor, 8) == static_cast<std::uint32_t>(*at - data)) return *at;
    reader.skip(1);
  }
  return end;
}

}  // namespace

Result<std::optional<FoundZipMember>> find_member(const codec::Input& input, std::uint64_t from,
                                                  std::uint64_t end) {
  codec::InputReader reader(input, from);
  while (const auto at = TRY(find(reader, end, "PK\3\4", "PK\3\4"))) {
    reader.skip(1);
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
