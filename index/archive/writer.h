// SPDX-License-Identifier: GPL-3.0-or-later
// Writes archives, for mkleaksample. libarchive is behind it.
#pragma once

#include <memory>
#include <string>

#include "index/base/bytes.h"
#include "index/base/civil_time.h"
#include "index/base/error.h"

namespace leakfs::archive {

class Writer {
 public:
  // The format is that of the extension: .tar .tar.gz .tar.bz2 .tar.zst .tar.xz .zip .7z. Replaces
  // a file that is there. The same calls give the same bytes.
  static Result<Writer> create(const std::string& path);
  ~Writer();
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;

  Result<void> add(const std::string& path, UnixTime mtime, Bytes content);
  // Writes the end of the archive; a Writer that was not closed leaves a truncated file.
  Result<void> close();

 private:
  struct State;
  explicit Writer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace leakfs::archive
