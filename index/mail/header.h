// SPDX-License-Identifier: GPL-3.0-or-later
// The header section of a message or MIME part, lossless: every byte of it belongs to a field or is
// counted as junk, so that DKIM can hash what was there. Nothing is decoded here.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "index/base/bytes.h"

namespace leakfs::mail {

constexpr std::size_t header_size_max = 1 << 20;  // bytes of one header section
constexpr std::size_t field_size_max = 64 << 10;  // bytes of one field that are decoded
constexpr std::size_t fields_max = 2000;

// A header field (RFC 5322 §2.2). Views into the message.
struct Field {
  Bytes raw;    // all of it: name, colon, folded value, last line end
  Bytes name;   // without the white space before the colon (RFC 5322 §4.5 allows it)
  Bytes value;  // after the colon, still folded, without the last line end

  // Names compare without case (RFC 5322 §1.2.2).
  bool is(std::string_view other) const;
};

// Limits that were hit and damage that was seen while splitting.
struct HeaderFlags {
  bool is_cut = false;           // header_size_max: fields beyond are not listed
  bool has_too_many = false;     // fields_max: the same
  bool has_large_field = false;  // a field above field_size_max
  bool has_junk = false;         // lines that are no field (skipped) within the header
  bool has_from_line = false;    // an mbox From_ line, a BOM or blank lines before the first field
};

struct Header {
  std::vector<Field> fields;
  Bytes from_line;        // "From ..." without its line end, if there is one before the fields
  std::size_t start = 0;  // offset of the first field
  std::size_t body_offset = 0;  // after the empty line; size of the entity if there is none
  HeaderFlags flags;

  // The first (topmost) field of that name, or null.
  const Field* first(std::string_view name) const;
  std::size_t count(std::string_view name) const;
};

// Splits the header off `entity` (a message or part). Line ends are LF, CRLF or bare CR LF mixes;
// NUL and 8-bit bytes are kept. A line that is neither field nor continuation (RFC 5322 §2.2.3) is
// junk, but two junk lines in a row after at least one field end the header, as does an empty line.
Header parse_header(Bytes entity);

// The value without folding (RFC 5322 §2.2.3): line ends removed, white space before and after
// trimmed; at most field_size_max bytes.
ByteString unfold(Bytes value);

}  // namespace leakfs::mail
