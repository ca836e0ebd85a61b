// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "index/dkim/canonical.h"

namespace leakfs::dkim {
namespace {

bool is_blank(char byte) { return byte == ' ' || byte == '\t'; }

void append_line(ByteString& out, Bytes line, Canonicalization how) {
  switch (how) {
    case Canonicalization::simple:
      out += line;
      return;
    case Canonicalization::nofws:
      for (const char byte : line) {
        if (!is_blank(byte) && byte != '\r' && byte != '\n') out += byte;
      }
      return;
    case Canonicalization::relaxed:
      break;
  }
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (!is_blank(line[i])) {
      out += line[i];
    } else if (!is_blank(line[i + 1])) {
      out += ' ';
    }
  }
}

}  // namespace

void append_wire_body(ByteString& out, Bytes body, Canonicalization how) {
  const std::size_t start = out.size();
  std::size_t end = start;  // of the last line that is not empty
  while (!body.empty()) {
    const std::size_t length = std::min(body.find("\r\n"), body.size());
    const std::size_t line_at = out.size();
    append_line(out, body.substr(0, length), how);
    const bool is_empty = out.size() == line_at;
    out += "\r\n";
    if (!is_empty) end = out.size();
    body.remove_prefix(std::min(length + 2, body.size()));
  }
  out.resize(end);
  // RFC 6376 §3.4.3: an empty body is one empty line under simple.
  if (end == start && how == Canonicalization::simple) out += "\r\n";
}

}  // namespace leakfs::dkim
