// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/canonical.h"

#include <algorithm>
#include <iterator>

namespace leakfs::dkim {
namespace {

bool is_wsp(char byte) { return byte == ' ' || byte == '\t'; }

// The next line of `rest` without its line end, LF or CRLF.
Bytes take_line(Bytes& rest) {
  const std::size_t length = std::min(rest.find('\n'), rest.size());
  Bytes line = rest.substr(0, length);
  const bool has_end = length < rest.size();
  rest.remove_prefix(length + (has_end ? 1 : 0));
  if (has_end && line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// RFC 6376 §3.4.1
void append_simple(ByteString& out, Bytes raw) {
  while (!raw.empty()) {
    out += take_line(raw);
    out += "\r\n";
  }
}

char to_lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

// RFC 6376 §3.4.2
void append_relaxed(ByteString& out, Bytes raw) {
  const std::size_t colon = std::min(raw.find(':'), raw.size());
  Bytes name = raw.substr(0, colon);
  while (!name.empty() && is_wsp(name.back())) name.remove_suffix(1);
  Bytes rest = raw.substr(std::min(colon + 1, raw.size()));
  const std::size_t start = out.size();
  // Nothing grows but by the colon and the CRLF; byte by byte is faster without a check for room.
  out.resize(start + raw.size() + 3);
  char* at = std::ranges::transform(name, out.data() + start, to_lower).out;
  *at++ = ':';
  const char* const value = at;
  bool is_blank_pending = false;
  while (!rest.empty()) {
    for (const char byte : take_line(rest)) {
      if (is_wsp(byte)) {
        is_blank_pending = true;
        continue;
      }
      if (is_blank_pending && at != value) *at++ = ' ';
      is_blank_pending = false;
      *at++ = byte;
    }
  }
  at = std::ranges::copy(Bytes("\r\n"), at).out;
  out.resize(static_cast<std::size_t>(at - out.data()));
}

// RFC 4870 §3.4.2.2; the name keeps its case.
void append_nofws(ByteString& out, Bytes raw) {
  std::ranges::copy_if(raw, std::back_inserter(out),
                       [](char byte) { return !is_wsp(byte) && byte != '\r' && byte != '\n'; });
  out += "\r\n";
}

}  // namespace

void append_header(ByteString& out, Bytes raw, Canonicalization how) {
  switch (how) {
    case Canonicalization::simple:
      return append_simple(out, raw);
    case Canonicalization::relaxed:
      return append_relaxed(out, raw);
    case Canonicalization::nofws:
      return append_nofws(out, raw);
  }
}

bool is_blank(Bytes body, Canonicalization how) {
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char byte = body[i];
    const bool is_line_end =
        byte == '\n' ||
        (byte == '\r' && (how == Canonicalization::nofws || body.substr(i + 1).starts_with('\n')));
    if (!is_line_end && (how == Canonicalization::simple || !is_wsp(byte))) return false;
  }
  return true;
}

}  // namespace leakfs::dkim
