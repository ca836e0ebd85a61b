// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: lets libarchive read an input, seeking included.
#pragma once

#include <optional>

#include "index/archive/handle.h"
#include "index/codec/input.h"

namespace leakfs::archive {

// Lives as long as the archive that reads it.
class SeekableInput {
 public:
  explicit SeekableInput(const codec::Input& input) : input_(input) {}
  SeekableInput(const SeekableInput&) = delete;
  SeekableInput& operator=(const SeekableInput&) = delete;

  // Opens it from its start; as archive_read_open().
  int open(struct archive* reader);

 private:
  static la_ssize_t read(struct archive* reader, void* self, const void** data);
  static la_int64_t seek(struct archive* reader, void* self, la_int64_t offset, int whence);
  static la_int64_t skip(struct archive* reader, void* self, la_int64_t length);

  const codec::Input& input_;
  std::uint64_t position_ = 0;
  ByteString block_;
};

}  // namespace leakfs::archive
