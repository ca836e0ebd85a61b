// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: a gzip file (RFC 1952), decompressed from front to back with every
// checksum looked at, which libarchive does not. zlib is behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/base/file.h"

namespace leakfs::archive {

// What ended a stream before its time, or what is wrong with bytes that were given.
struct Damage {
  bool is_truncated = false;  // the input ended early; else it is not what was packed
  std::string text;           // for a person
};

class GzipReader {
 public:
  // Whether the file starts as gzip does.
  static Result<bool> is_gzip(const File& file);

  // Keeps using `file`.
  explicit GzipReader(const File& file);
  ~GzipReader();
  GzipReader(GzipReader&&) noexcept;
  GzipReader& operator=(GzipReader&&) noexcept;

  // The next bytes, all that damage leaves; empty at the end. The bytes given before stay valid for
  // one more call.
  Result<Bytes> next();

  std::uint64_t input_bytes() const;
  const std::optional<Damage>& damage() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace leakfs::archive
