// SPDX-License-Identifier: GPL-3.0-or-later
// Splits an mbox (RFC 4155; mboxo, mboxrd, mboxcl) into messages while it streams by. Unquoting
// ">From " is not done: a message is its bytes as stored.
#pragma once

#include <cstdint>

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

// A separator's line, without its line end: "From " + something + a time of day, and a year or the
// names of weekday and month. In text, "From " opens sentences.
bool is_from_line(Bytes line);

// Fed with the mbox in any cut; gives the same calls' content for every cut. A separator is a From_
// line at the start or after an empty line.
class MboxSplitter {
 public:
  explicit MboxSplitter(MboxVisitor& visitor) : visitor_(visitor) {}
  Result<void> add(Bytes bytes);
  Result<void> finish();

 private:
  Result<void> take_line(Bytes line);
  Result<void> take_from_line(Bytes line);
  Result<void> take_content(Bytes bytes);

  MboxVisitor& visitor_;
  std::uint64_t offset_ = 0;  // of the next byte to be taken
  ByteString start_;          // of a line that may be a From_ line and is not complete
  bool is_in_line_ = false;   // within a line that is none
  bool may_separate_ = true;  // the line before was empty, or there was none
  bool is_in_message_ = false;
  ByteString empty_line_;  // held back: the next line tells whose it is
  std::uint64_t junk_ = 0;
};

}  // namespace leakfs::archive
