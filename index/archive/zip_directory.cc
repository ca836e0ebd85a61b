// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/zip_directory.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace leakfs::archive {
namespace {

constexpr std::size_t end_record_size = 22;
constexpr std::size_t comment_size_max = 0xffff;
constexpr std::size_t locator_size = 20;
constexpr std::size_t zip64_end_record_size = 56;
constexpr std::uint64_t directory_size_max = 4_GiB;

// Where in the end of a file the end record is: its comment, which may hold anything, ends the
// file.
std::size_t find_end_record(Bytes tail) {
  std::size_t at = tail.rfind("PK\5\6");
  while (at != Bytes::npos && (tail.size() - at < end_record_size ||
                               tail.size() - at - end_record_size < zip_u16(tail, at + 20))) {
    at = at == 0 ? Bytes::npos : tail.rfind("PK\5\6", at - 1);
  }
  return at;
}

// What the end record says of the directory.
struct End {
  std::uint64_t at = 0;  // of the record that follows the directory
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t entries = 0;
};

Result<std::optional<End>> find_end(const codec::Input& input) {
  const std::uint64_t size = input.size();
  const std::size_t tail_size =
      std::min<std::uint64_t>(size, end_record_size + comment_size_max + locator_size);
  const std::optional<ByteString> read = TRY(read_exactly(input, size - tail_size, tail_size));
  if (!read) return std::nullopt;
  const Bytes tail = *read;
  const std::size_t at = find_end_record(tail);
  if (at == Bytes::npos) return std::nullopt;
  End end{.at = size - tail_size + at,
          .offset = zip_u32(tail, at + 16),
          .length = zip_u32(tail, at + 12),
          .entries = zip_u16(tail, at + 10)};
  if (at >= locator_size && tail.substr(at - locator_size).starts_with("PK\6\7")) {
    // Its record stands before it, wherever it says.
    const std::uint64_t promised = zip_u64(tail, at - locator_size + 8);
    const std::uint64_t locator = end.at - locator_size;
    for (const std::uint64_t place : {promised, locator - zip64_end_record_size}) {
      const auto record = TRY(read_exactly(input, place, zip64_end_record_size));
      if (!record || !record->starts_with("PK\6\6")) continue;
      return End{.at = place,
                 .offset = zip_u64(*record, 48),
                 .length = zip_u64(*record, 40),
                 .entries = zip_u64(*record, 32)};
    }
  }
  return end;
}

}  // namespace

Result<ZipDirectory> ZipDirectory::read(const codec::Input& input) {
  ZipDirectory directory;
  const std::optional<End> end = TRY(find_end(input));
  if (!end || end->length > directory_size_max) return directory;
  directory.promised_ = end->entries;
  directory.is_found_ = true;
  // Where it should be, or right before its end.
  for (const std::uint64_t offset : {end->offset, end->at - end->length}) {
    std::optional<ByteString> bytes = TRY(read_exactly(input, offset, end->length));
    if (!bytes || !bytes->starts_with("PK\1\2")) continue;
    directory.bytes_ = *std::move(bytes);
    directory.offset_ = offset;
    directory.shift_ = static_cast<std::int64_t>(offset - end->offset);
    break;
  }
  directory.find_entries();
  return directory;
}

// Where a header is damaged, the next is looked for.
void ZipDirectory::find_entries() {
  is_whole_ = shift_ == 0;
  const Bytes all = bytes_;
  std::size_t at = 0;
  while (at < all.size()) {
    const std::optional<ZipEntry> entry = central_entry(all.substr(at));
    if (entry) {
      places_.push_back(
          {.local_header = entry->local_header, .at = static_cast<std::uint32_t>(at)});
      const Bytes next = all.substr(at + entry->header_size);
      if (next.empty() || next.starts_with("PK\1\2")) {
        at += entry->header_size;
        continue;
      }
    }
    is_whole_ = false;
    at = std::min(all.find("PK\1\2", at + 1), all.size());
  }
  std::ranges::sort(places_, {},
                    [](const Place& place) { return std::pair(place.local_header, place.at); });
  // Old writers count to 65,535 and begin again.
  is_whole_ = is_whole_ && (places_.size() & 0xffff) == (promised_ & 0xffff);
}

ZipEntry ZipDirectory::entry(std::size_t number) const {
  return central_entry(Bytes(bytes_).substr(places_[number].at)).value_or(ZipEntry());
}

}  // namespace leakfs::archive
