// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/zip_place.h"

#include <algorithm>
#include <array>

#include "index/codec/crc32.h"
#include "index/codec/decoder.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t checked_size = 256 << 10;  // decoded at once
// Bytes that may be decoded to find members whose headers are wrong. Damage takes less; a bomb
// whose headers are all wrong would take a thousand times its size for each.
constexpr std::uint64_t guessing_min = 64_MiB;
constexpr std::uint64_t guessing_factor = 16;  // of the size of the zip
// With numbers of 32 or 64 bits, with a signature or without; or there is none.
constexpr std::array<std::uint64_t, 5> descriptor_sizes = {0, 12, 16, 20, 24};

std::optional<ZipPlace> place_at(const codec::Input& input, std::uint64_t begin, std::uint64_t data,
                                 std::uint64_t length) {
  if (data > input.size() || length > input.size() - data) return std::nullopt;
  return ZipPlace{.begin = begin, .data = data, .end = data + length};
}

// Whether the next member comes right behind, or behind a descriptor (§4.3.9).
bool is_followed(const ZipPlace& place, const ZipEntry& entry, std::uint64_t next) {
  if (place.end == next) return true;
  return entry.do_lengths_follow() && place.end < next &&
         std::ranges::find(descriptor_sizes, next - place.end) != descriptor_sizes.end();
}

}  // namespace

ZipPlaces::ZipPlaces(const codec::Input& input, std::int64_t shift)
    : input_(input),
      shift_(shift),
      guessing_left_(std::max(guessing_min, guessing_factor * input.size())) {}

// Whether what is there is what the directory has the checksum of.
Result<bool> ZipPlaces::is_it(const ZipEntry& entry, const ZipPlace& place) {
  const codec::RangeInput range(input_, place.data, place.end - place.data);
  std::unique_ptr<codec::Decoder> decoder = codec::open_plain(range);
  if (entry.method == ZipEntry::method_deflated) {
    decoder = TRY(codec::open(codec::Format::deflate, range, {}));
  }
  ByteString piece(checked_size, '\0');
  std::uint64_t length = 0;
  std::uint32_t crc32 = 0;
  while (length <= entry.length && guessing_left_ > 0) {
    const std::size_t count = TRY(decoder->read(piece.data(), piece.size()));
    if (count == 0) break;
    crc32 = codec::crc32(crc32, Bytes(piece).substr(0, count));
    length += count;
    guessing_left_ -= std::min<std::uint64_t>(guessing_left_, count);
  }
  return length == entry.length && crc32 == entry.crc32 && !decoder->damage();
}

// Where its bytes may start, though the header before them is not what it was.
Result<std::vector<ZipPlace>> ZipPlaces::likely_places(const ZipEntry& entry,
                                                       std::uint64_t next) const {
  std::vector<ZipPlace> places;
  const auto add = [&](std::uint64_t begin, std::uint64_t data) {
    if (const auto place = place_at(input_, begin, data, entry.stored_length)) {
      places.push_back(*place);
    }
  };
  for (const std::int64_t moved : {std::int64_t{0}, shift_}) {
    const std::uint64_t begin = entry.local_header + static_cast<std::uint64_t>(moved);
    const auto header = TRY(read_exactly(input_, begin, local_header_size));
    if (header) {
      const std::uint64_t extra = zip_u16(*header, 28);
      add(begin, begin + local_header_size + zip_u16(*header, 26) + extra);
      add(begin, begin + local_header_size + entry.name.size() + extra);
    }
    for (const std::uint64_t size : descriptor_sizes) {
      const std::uint64_t end = next + static_cast<std::uint64_t>(moved) - size;
      const std::uint64_t before = local_header_size + entry.name.size() + entry.stored_length;
      if (end >= before) add(end - before, end - entry.stored_length);
    }
  }
  return places;
}

Result<std::optional<ZipPlace>> ZipPlaces::find(const ZipEntry& entry, std::uint64_t next,
                                                std::uint64_t read_end) {
  std::optional<ZipPlace> doubtful;
  for (const std::int64_t moved : {std::int64_t{0}, shift_}) {
    const std::uint64_t begin = entry.local_header + static_cast<std::uint64_t>(moved);
    const std::optional<ZipEntry> local = TRY(read_local_entry(input_, begin));
    const bool is_same =
        local && local->name == entry.name && local->flags == entry.flags &&
        local->method == entry.method &&
        (local->do_lengths_follow() || local->stored_length == entry.stored_length);
    if (!is_same) continue;
    const auto place = place_at(input_, begin, begin + local->header_size, entry.stored_length);
    if (!place) continue;
    if (is_followed(*place, entry, next) ||
        is_followed(*place, entry, next + static_cast<std::uint64_t>(moved))) {
      return place;
    }
    // Its extra fields may have another size.
    if (!doubtful) doubtful = place;
  }
  // An empty one would be found anywhere.
  if (!entry.is_plain() || entry.length == 0) return doubtful;
  std::vector<ZipPlace> places = TRY(likely_places(entry, next));
  if (doubtful) places.insert(places.begin(), *doubtful);
  for (const ZipPlace& place : places) {
    if (place.begin >= read_end) {
      if (TRY(is_it(entry, place))) return place;
    } else if (!doubtful && place.begin == entry.local_header &&
               TRY(read_local_entry(input_, place.begin))) {
      // The directory means the header of a member that was read.
      doubtful = place;
    }
  }
  return doubtful;
}

void ZipCoverage::add(const ZipPlace& place, bool is_whole) {
  read_ += place.end - place.begin;
  if (is_whole) whole_end_ = std::max(whole_end_, place.end);
  covered_.emplace_back(place.begin, place.end);
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> ZipCoverage::gaps() {
  std::ranges::sort(covered_);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> gaps;
  std::uint64_t end = 0;
  for (const auto& [from, to] : covered_) {
    if (from > end) gaps.emplace_back(end, from);
    end = std::max(end, to);
  }
  if (end < size_) gaps.emplace_back(end, size_);
  return gaps;
}

}  // namespace leakfs::archive
