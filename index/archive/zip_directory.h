// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: where in a zip file the compressed bytes of its members are, from its
// central directory (APPNOTE 6.3.10 §4.3). libarchive decodes members, but does not tell.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "index/archive/stream_plan.h"
#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/codec/input.h"

namespace leakfs::archive {

// A member whose bytes can be had without libarchive.
struct ZipMember {
  StreamPlan plan;          // `length` as the directory promises
  std::uint32_t crc32 = 0;  // of the decoded bytes
};

class ZipDirectory {
 public:
  // Absent where there is no directory to be read: a zip that was cut.
  static Result<std::optional<ZipDirectory>> read(const codec::Input& input);

  // The next member of that name, in the order of their local headers. Absent if it is encrypted,
  // of another method than stored and deflated, unknown, or if the header in front of its bytes
  // says otherwise.
  std::optional<ZipMember> take(const codec::Input& input, Bytes name);

  // The number of its entries.
  std::size_t size() const { return size_; }

 private:
  struct Entry {
    std::uint16_t flags = 0;
    std::uint16_t method = 0;
    std::uint32_t crc32 = 0;
    std::uint64_t stored_length = 0;
    std::uint64_t length = 0;
  };

  void add_entries(Bytes directory);

  std::map<std::pair<ByteString, std::uint64_t>, Entry> entries_;  // by name, local header
  std::size_t size_ = 0;
};

}  // namespace leakfs::archive
