// SPDX-License-Identifier: GPL-3.0-or-later
// Records kept on disk between the pass over the archive and the finish, in a file that vanishes
// with the process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/base/file.h"

namespace leakfs::build {

class Spool {
 public:
  // `beside` is the path of the index to be.
  static Result<Spool> create(const std::string& beside);

  Result<void> append(Bytes record);

  // Reads from the first record again.
  Result<void> rewind();
  // The next record, absent after the last.
  Result<std::optional<ByteString>> next();

 private:
  File file_;
  bool is_reading_ = false;
  ByteString buffer_;         // appended and not yet written, or read and not yet taken
  std::size_t taken_ = 0;     // bytes of the buffer
  std::uint64_t offset_ = 0;  // in the file, behind the buffer
};

}  // namespace leakfs::build
