// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/zone_line.h"

#include <algorithm>

#include <fmt/format.h>

namespace leakfs::dkim {
namespace {

constexpr std::size_t string_size_max = 255;  // RFC 1035 §3.3

// RFC 1035 §5.1
void append_quoted(std::string& line, std::string_view text) {
  line += " \"";
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '"' || byte == '\\') {
      line += '\\';
      line += byte;
    } else if (code < 0x20 || code >= 0x7f) {
      line += fmt::format("\\{:03}", code);
    } else {
      line += byte;
    }
  }
  line += '"';
}

}  // namespace

std::string zone_line(std::string_view selector, std::string_view domain, const KeyRecord& record) {
  std::string line = fmt::format("{}._domainkey.{}. IN TXT", selector, domain);
  std::string_view text = record.text;
  do {
    append_quoted(line, text.substr(0, string_size_max));
    text.remove_prefix(std::min(string_size_max, text.size()));
  } while (!text.empty());
  if (!record.provenance.empty()) line += " ; " + record.provenance;
  line += '\n';
  return line;
}

}  // namespace leakfs::dkim
