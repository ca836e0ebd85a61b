// SPDX-License-Identifier: GPL-3.0-or-later
// Splits an mbox (RFC 4155; mboxo, mboxrd, mboxcl) into messages while it streams by. Unquoting
// ">From " is not done: a message is its bytes as stored.
#pragma once

#include <cstdint>
#include <functional>

#include "index/base/bytes.h"
#include "index/base/error.h"

namespace leakfs::archive {

constexpr std::size_t from_line_size_max = 1024;

// Told what the bytes of the mbox are. Every byte belongs to exactly one of: From_ line, message,
// the one empty line before a From_ line, junk before the first From_ line.
class MboxVisitor {
 public:
  virtual ~MboxVisitor() = default;
  // A message starts at `offset` of the mbox; `from_line` is the line before it without line end.
  virtual Result<void> begin_message(std::uint64_t offset, Bytes from_line) = 0;
  virtual Result<void> message_data(Bytes bytes) = 0;
  virtual Result<void> end_message() = 0;
  // Bytes before the first From_ line.
  virtual Result<void> junk(std::uint64_t offset, std::uint64_t length) = 0;
};

// Fed with the mbox in any cut; gives the same calls' content for every cut. A separator is a line
// "From " + something + a time of day and a year, at the start or after an empty line.
class MboxSplitter {
 public:
  explicit MboxSplitter(MboxVisitor& visitor) : visitor_(visitor) {}
  Result<void> add(Bytes bytes);
  Result<void> finish();

 private:
  MboxVisitor& visitor_;
};

}  // namespace leakfs::archive
