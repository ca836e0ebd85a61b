// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: the headers of a zip's members (APPNOTE 6.3.10 §4.3.7, §4.3.12), which
// stand before their bytes and once more in the directory at its end.
#pragma once

#include <cstdint>
#include <optional>

#include "index/archive/walk.h"
#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/codec/input.h"

namespace leakfs::archive {

constexpr std::size_t central_header_size = 46;
constexpr std::size_t local_header_size = 30;

struct ZipEntry {
  ByteString name;  // as stored
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc32 = 0;          // of the decoded bytes
  std::uint64_t stored_length = 0;  // in bytes; with follow_lengths(), in a local header, 0
  std::uint64_t length = 0;         // decoded
  std::uint64_t local_header = 0;   // where it is in the file
  std::uint64_t header_size = 0;    // with name and extra fields
  MemberKind kind = MemberKind::file;
  ByteString path;  // the name as people see it
  std::optional<UnixTime> mtime;

  static constexpr std::uint16_t method_stored = 0;
  static constexpr std::uint16_t method_deflated = 8;

  bool is_encrypted() const { return (flags & 1) != 0; }
  // The lengths and the checksum stand behind the bytes.
  bool do_lengths_follow() const { return (flags & 8) != 0; }
  // Whether it is stored or deflated as it is: no library is needed.
  bool is_plain() const {
    return !is_encrypted() && (method == method_stored || method == method_deflated);
  }
};

// Numbers of a zip, little-endian, at an offset that is known to be within.
std::uint16_t zip_u16(Bytes bytes, std::size_t offset);
std::uint32_t zip_u32(Bytes bytes, std::size_t offset);
std::uint64_t zip_u64(Bytes bytes, std::size_t offset);

// The header that `bytes` start with; its size is header_size, and the comment of one in a
// directory. Absent where none starts or it is cut.
std::optional<ZipEntry> central_entry(Bytes bytes);
std::optional<ZipEntry> local_entry(Bytes bytes, std::uint64_t offset);
// The same, out of the file; absent as well where its words are none that occur.
Result<std::optional<ZipEntry>> read_local_entry(const codec::Input& input, std::uint64_t offset);

// Exactly `length` bytes; absent where the input has not so many.
Result<std::optional<ByteString>> read_exactly(const codec::Input& input, std::uint64_t offset,
                                               std::uint64_t length);

}  // namespace leakfs::archive
