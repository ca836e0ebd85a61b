// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/zip_entry.h"

#include <algorithm>

#include "index/codec/crc32.h"

namespace leakfs::archive {
namespace {

constexpr std::uint64_t absent = 0xffffffff;  // in 32 bits: the zip64 extra field has it

// §4.4.2.2: whose the external attributes are.
constexpr unsigned system_dos = 0;
constexpr unsigned system_unix = 3;

template <typename Number>
Number number_at(Bytes bytes, std::size_t offset) {
  Number number = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;) {
    number = static_cast<Number>(number << 8 | static_cast<unsigned char>(bytes[offset + i]));
  }
  return number;
}

// §4.4.6: two seconds are the unit, and no zone is told; it counts as UTC, wherever this runs.
std::optional<UnixTime> dos_time(unsigned time, unsigned date) {
  return to_unix({.year = 1980 + static_cast<int>(date >> 9),
                  .month = static_cast<int>(date >> 5 & 15),
                  .day = static_cast<int>(date & 31),
                  .hour = static_cast<int>(time >> 11),
                  .minute = static_cast<int>(time >> 5 & 63),
                  .second = static_cast<int>(2 * (time & 31))});
}

// §4.5.3: those of the three numbers that did not fit, in this order.
void widen(Bytes data, ZipEntry& entry) {
  for (std::uint64_t* number : {&entry.length, &entry.stored_length, &entry.local_header}) {
    if (*number != absent || data.size() < 8) continue;
    *number = zip_u64(data, 0);
    data.remove_prefix(8);
  }
}

void take_extra(Bytes extra, ZipEntry& entry) {
  constexpr unsigned id_zip64 = 1;
  constexpr unsigned id_time = 0x5455;      // Info-ZIP's "extended timestamp"
  constexpr unsigned id_old_time = 0x5855;  // of access, then of modification
  constexpr unsigned id_path = 0x7075;      // §4.6.9: the name in UTF-8
  while (extra.size() >= 4) {
    const unsigned id = zip_u16(extra, 0);
    const Bytes data = extra.substr(4, zip_u16(extra, 2));
    extra.remove_prefix(4 + data.size());
    if (id == id_zip64) widen(data, entry);
    if (id == id_time && data.size() >= 5 && (data[0] & 1) != 0) {
      entry.mtime = static_cast<std::int32_t>(zip_u32(data, 1));
    }
    if (id == id_old_time && data.size() >= 8) {
      entry.mtime = static_cast<std::int32_t>(zip_u32(data, 4));
    }
    if (id == id_path && data.size() > 5 && data[0] == '\1' &&
        zip_u32(data, 1) == codec::crc32(0, entry.name)) {
      entry.path = data.substr(5);
    }
  }
}

// What both headers have, from the flags on.
ZipEntry common(Bytes fields) {
  ZipEntry entry;
  entry.flags = zip_u16(fields, 0);
  entry.method = zip_u16(fields, 2);
  entry.mtime = dos_time(zip_u16(fields, 4), zip_u16(fields, 6));
  entry.crc32 = zip_u32(fields, 8);
  entry.stored_length = zip_u32(fields, 12);
  entry.length = zip_u32(fields, 16);
  return entry;
}

void take_name(Bytes name, Bytes extra, ZipEntry& entry) {
  entry.name = name;
  entry.path = name;
  take_extra(extra, entry);
  if (entry.name.ends_with('/')) entry.kind = MemberKind::directory;
}

MemberKind kind_of_mode(unsigned mode) {
  constexpr unsigned type_mask = 0170000;
  switch (mode & type_mask) {
    case 0:
    case 0100000:
      return MemberKind::file;
    case 0040000:
      return MemberKind::directory;
    case 0120000:
      return MemberKind::link;
    default:
      return MemberKind::special;
  }
}

// Whether it starts as a local header does, with numbers that §4.4.2 and §4.4.5 have: other bytes
// seldom look like that.
bool is_likely_local_header(Bytes bytes) {
  constexpr unsigned version_max = 63;
  constexpr unsigned method_max = 99;
  return bytes.size() >= local_header_size && bytes.starts_with("PK\3\4") &&
         static_cast<unsigned char>(bytes[4]) <= version_max && zip_u16(bytes, 8) <= method_max &&
         zip_u16(bytes, 26) > 0;
}

}  // namespace

std::uint16_t zip_u16(Bytes bytes, std::size_t offset) {
  return number_at<std::uint16_t>(bytes, offset);
}
std::uint32_t zip_u32(Bytes bytes, std::size_t offset) {
  return number_at<std::uint32_t>(bytes, offset);
}
std::uint64_t zip_u64(Bytes bytes, std::size_t offset) {
  return number_at<std::uint64_t>(bytes, offset);
}

std::optional<ZipEntry> central_entry(Bytes bytes) {
  if (bytes.size() < central_header_size || !bytes.starts_with("PK\1\2")) return std::nullopt;
  const std::size_t name_size = zip_u16(bytes, 28);
  const std::size_t extra_size = zip_u16(bytes, 30);
  ZipEntry entry = common(bytes.substr(8));
  entry.header_size = central_header_size + name_size + extra_size + zip_u16(bytes, 32);
  if (bytes.size() < entry.header_size) return std::nullopt;
  const auto system = static_cast<unsigned char>(bytes[5]);
  const std::uint32_t attributes = zip_u32(bytes, 38);
  if (system == system_unix) entry.kind = kind_of_mode(attributes >> 16);
  entry.local_header = zip_u32(bytes, 42);
  take_name(bytes.substr(central_header_size, name_size),
            bytes.substr(central_header_size + name_size, extra_size), entry);
  if (system == system_dos && entry.path.find('/') == ByteString::npos) {
    std::ranges::replace(entry.path, '\\', '/');
  }
  return entry;
}

std::optional<ZipEntry> local_entry(Bytes bytes, std::uint64_t offset) {
  if (bytes.size() < local_header_size || !bytes.starts_with("PK\3\4")) return std::nullopt;
  const std::size_t name_size = zip_u16(bytes, 26);
  const std::size_t extra_size = zip_u16(bytes, 28);
  ZipEntry entry = common(bytes.substr(6));
  entry.header_size = local_header_size + name_size + extra_size;
  if (bytes.size() < entry.header_size) return std::nullopt;
  take_name(bytes.substr(local_header_size, name_size),
            bytes.substr(local_header_size + name_size, extra_size), entry);
  entry.local_header = offset;
  return entry;
}

Result<std::optional<ZipEntry>> read_local_entry(const codec::Input& input, std::uint64_t offset) {
  constexpr std::size_t usual_size = 256;
  ByteString bytes(usual_size, '\0');
  bytes.resize(offset < input.size() ? TRY(input.read_some(offset, bytes.data(), usual_size)) : 0);
  if (!is_likely_local_header(bytes)) return std::nullopt;
  const std::size_t size = local_header_size + zip_u16(bytes, 26) + zip_u16(bytes, 28);
  if (size > bytes.size()) {
    std::optional<ByteString> whole = TRY(read_exactly(input, offset, size));
    if (!whole) return std::nullopt;
    bytes = *std::move(whole);
  }
  std::optional<ZipEntry> entry = local_entry(bytes, offset);
  if (!entry || entry->name.find('\0') != ByteString::npos) return std::nullopt;
  return entry;
}

Result<std::optional<ByteString>> read_exactly(const codec::Input& input, std::uint64_t offset,
                                               std::uint64_t length) {
  if (offset > input.size() || length > input.size() - offset) return std::nullopt;
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

}  // namespace leakfs::archive
