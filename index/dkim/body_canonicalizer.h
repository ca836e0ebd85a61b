// SPDX-License-Identifier: GPL-3.0-or-later
// A body made canonical as it comes in. Knows nothing of hashes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "index/base/bytes.h"
#include "index/dkim/canonical.h"

namespace leakfs::dkim {

// Takes the canonical body, in pieces that are gone when add() returns.
class BodySink {
 public:
  BodySink() = default;
  virtual ~BodySink() = default;
  BodySink(const BodySink&) = delete;
  BodySink& operator=(const BodySink&) = delete;

  virtual void add(Bytes canonical) = 0;
};

// White space is kept back until it is known what it counts for: line ends until more text follows
// (trailing empty lines do not count, and the last line gets its CRLF in any case), blanks until
// their line goes on, a CR until it has a LF or none.
//
//   kept back:  line_ends_ times CRLF, then has_blank_ (one SP), then has_cr_
class BodyCanonicalizer {
 public:
  BodyCanonicalizer(Canonicalization how, BodySink& sink) : how_(how), sink_(sink) {}

  // The result does not depend on how the body is cut.
  void add(Bytes chunk);
  void finish();

 private:
  void add_text(Bytes chunk);
  void add_without_blanks(Bytes chunk);
  void keep_back(char space);
  void put_kept_back();
  void put(Bytes short_piece);
  void flush();
  std::size_t room() const { return sizeof buffer_ - used_; }

  Canonicalization how_;
  BodySink& sink_;
  bool has_text_ = false;  // something was put
  bool has_blank_ = false;
  bool has_cr_ = false;
  std::uint64_t line_ends_ = 0;
  std::size_t used_ = 0;
  char buffer_[8192];  // stays in the first cache until it is hashed
};

}  // namespace leakfs::dkim
