// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/zip_directory.h"

#include <algorithm>
#include <utility>

namespace leakfs::archive {
namespace {

constexpr std::size_t end_record_size = 22;
constexpr std::size_t comment_size_max = 0xffff;
constexpr std::size_t locator_size = 20;
constexpr std::size_t zip64_end_record_size = 56;
constexpr std::size_t central_header_size = 46;
constexpr std::size_t local_header_size = 30;
constexpr std::uint64_t directory_size_max = 4_GiB;

constexpr std::uint16_t method_stored = 0;
constexpr std::uint16_t method_deflated = 8;
constexpr std::uint16_t flag_encrypted = 1;
constexpr std::uint16_t flag_lengths_follow = 8;  // they stand behind the bytes
constexpr std::uint64_t absent = 0xffffffff;      // in 32 bits: the zip64 extra field has it

// Little-endian, at an offset that is known to be within.
template <typename Number>
Number number_at(Bytes bytes, std::size_t offset) {
  Number number = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;) {
    number = static_cast<Number>(number << 8 | static_cast<unsigned char>(bytes[offset + i]));
  }
  return number;
}
std::uint16_t u16(Bytes bytes, std::size_t offset) {
  return number_at<std::uint16_t>(bytes, offset);
}
std::uint64_t u32(Bytes bytes, std::size_t offset) {
  return number_at<std::uint32_t>(bytes, offset);
}
std::uint64_t u64(Bytes bytes, std::size_t offset) {
  return number_at<std::uint64_t>(bytes, offset);
}

// Exactly `length` bytes; absent where the input has not so many.
Result<std::optional<ByteString>> read_exactly(const codec::Input& input, std::uint64_t offset,
                                               std::uint64_t length) {
  ByteString bytes(length, '\0');
  std::size_t count = 0;
  while (count < bytes.size()) {
    const std::size_t more =
        TRY(input.read_some(offset + count, bytes.data() + count, bytes.size() - count));
    if (more == 0) return std::nullopt;
    count += more;
  }
  return bytes;
}

// Where in the end of a file the end record is: its comment, which may hold anything, ends the
// file.
std::size_t find_end_record(Bytes tail) {
  std::size_t at = tail.rfind("PK\5\6");
  while (at != Bytes::npos && (tail.size() - at < end_record_size ||
                               tail.size() - at - end_record_size < u16(tail, at + 20))) {
    at = at == 0 ? Bytes::npos : tail.rfind("PK\5\6", at - 1);
  }
  return at;
}

// Where the directory is, or nothing if no end record says so.
Result<std::optional<std::pair<std::uint64_t, std::uint64_t>>> find_directory(
    const codec::Input& input) {
  using Place = std::optional<std::pair<std::uint64_t, std::uint64_t>>;
  const std::uint64_t size = input.size();
  const std::size_t tail_size =
      std::min<std::uint64_t>(size, end_record_size + comment_size_max + locator_size);
  const std::optional<ByteString> read = TRY(read_exactly(input, size - tail_size, tail_size));
  if (!read) return Place();
  const Bytes tail = *read;
  const std::size_t end = find_end_record(tail);
  if (end == Bytes::npos) return Place();
  std::uint64_t length = u32(tail, end + 12);
  std::uint64_t offset = u32(tail, end + 16);
  if (end >= locator_size && tail.substr(end - locator_size).starts_with("PK\6\7")) {
    const std::uint64_t at = u64(tail, end - locator_size + 8);
    if (at > size || size - at < zip64_end_record_size) return Place();
    const std::optional<ByteString> record = TRY(read_exactly(input, at, zip64_end_record_size));
    if (!record || !record->starts_with("PK\6\6")) return Place();
    length = u64(*record, 40);
    offset = u64(*record, 48);
  }
  if (length > directory_size_max || offset > size || length > size - offset) return Place();
  return Place(std::in_place, offset, length);
}

// The zip64 extra field (§4.5.3) holds those of the three numbers that did not fit, in this order.
void widen(Bytes extra, std::uint64_t& length, std::uint64_t& stored_length,
           std::uint64_t& offset) {
  while (extra.size() >= 4) {
    const std::uint16_t id = u16(extra, 0);
    Bytes data = extra.substr(4, u16(extra, 2));
    extra.remove_prefix(4 + data.size());
    if (id != 1) continue;
    for (std::uint64_t* number : {&length, &stored_length, &offset}) {
      if (*number != absent || data.size() < 8) continue;
      *number = u64(data, 0);
      data.remove_prefix(8);
    }
    return;
  }
}

}  // namespace

Result<std::optional<ZipDirectory>> ZipDirectory::read(const codec::Input& input) {
  const auto place = TRY(find_directory(input));
  if (!place) return std::optional<ZipDirectory>();
  const std::optional<ByteString> bytes = TRY(read_exactly(input, place->first, place->second));
  if (!bytes) return std::optional<ZipDirectory>();
  ZipDirectory directory;
  directory.add_entries(*bytes);
  return std::optional(std::move(directory));
}

void ZipDirectory::add_entries(Bytes directory) {
  while (directory.size() >= central_header_size && directory.starts_with("PK\1\2")) {
    const std::size_t name_length = u16(directory, 28);
    const std::size_t extra_length = u16(directory, 30);
    const std::size_t comment_length = u16(directory, 32);
    Entry entry{.flags = u16(directory, 8),
                .method = u16(directory, 10),
                .crc32 = static_cast<std::uint32_t>(u32(directory, 16)),
                .stored_length = u32(directory, 20),
                .length = u32(directory, 24)};
    std::uint64_t local_header = u32(directory, 42);
    directory.remove_prefix(central_header_size);
    const Bytes name = directory.substr(0, name_length);
    directory.remove_prefix(name.size());
    widen(directory.substr(0, extra_length), entry.length, entry.stored_length, local_header);
    directory.remove_prefix(std::min(extra_length + comment_length, directory.size()));
    entries_.emplace(std::pair(ByteString(name), local_header), entry);
    ++size_;
  }
}

std::optional<ZipMember> ZipDirectory::take(const codec::Input& input, Bytes name) {
  const auto found = entries_.lower_bound({ByteString(name), 0});
  if (found == entries_.end() || found->first.first != name) return std::nullopt;
  const std::uint64_t local_header = found->first.second;
  const Entry entry = found->second;
  entries_.erase(found);
  const bool is_plain = (entry.flags & flag_encrypted) == 0 &&
                        (entry.method == method_stored || entry.method == method_deflated);
  if (!is_plain) return std::nullopt;
  // libarchive goes by the header in front of the bytes (§4.3.7). Where that one disagrees, only
  // what it decodes is known.
  const auto read = read_exactly(input, local_header, local_header_size + name.size());
  if (!read || !*read || !(*read)->starts_with("PK\3\4")) return std::nullopt;
  const Bytes header = **read;
  const std::uint16_t flags = u16(header, 6);
  const bool has_lengths = (flags & flag_lengths_follow) == 0 && u32(header, 18) != absent;
  const bool is_same = flags == entry.flags && u16(header, 8) == entry.method &&
                       u16(header, 26) == name.size() && header.substr(local_header_size) == name &&
                       (!has_lengths || u32(header, 18) == entry.stored_length);
  if (!is_same) return std::nullopt;
  return ZipMember{
      .plan = {.kind = entry.method == method_stored ? StreamKind::stored : StreamKind::deflate,
               .offset = local_header + local_header_size + u16(header, 26) + u16(header, 28),
               .stored_length = entry.stored_length,
               .length = entry.length},
      .crc32 = entry.crc32};
}

}  // namespace leakfs::archive
