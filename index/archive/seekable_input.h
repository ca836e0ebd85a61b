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

  // Lets seeks to an offset fail from now on, and tells where the first would have gone.
  void refuse_seeks() { is_seek_refused_ = true; }
  std::optional<std::uint64_t> refused_seek() const { return refused_seek_; }

 private:
  static la_ssize_t read(struct archive* reader, void* self, const void** data);
  static la_int64_t seek(struct archive* reader, void* self, la_int64_t offset, int whence);
  static la_int64_t skip(struct archive* reader, void* self, la_int64_t length);

  const codec::Input& input_;
  std::uint64_t position_ = 0;
  ByteString block_;
  bool is_seek_refused_ = false;
  std::optional<std::uint64_t> refused_seek_;
};

}  // namespace leakfs::archive
