// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/csv.h"

#include <algorithm>
#include <utility>

#include "index/base/utf8.h"

namespace leakfs::build {

void append_list_item(std::string& list, std::string_view item) {
  for (const char c : item) {
    if (c == ' ') {
      list += "%20";
    } else if (c == '%') {
      list += "%25";
    } else {
      list += c;
    }
  }
}

CsvRow& CsvRow::add(Bytes value) {
  if (!is_first_) row_ += ',';
  is_first_ = false;
  const bool is_plain = std::ranges::all_of(
      value, [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != ','; });
  if (is_plain) {
    row_ += value;
    return *this;
  }
  row_ += '"';
  for (const char c : one_line(value)) {
    if (c == '"') row_ += '"';
    row_ += c;
  }
  row_ += '"';
  return *this;
}

CsvRow& CsvRow::add(std::uint64_t value) { return add(std::to_string(value)); }

CsvRow& CsvRow::add_list(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) {
    if (!list.empty()) list += ' ';
    append_list_item(list, item);
  }
  return add(list);
}

std::string CsvRow::take() {
  is_first_ = true;
  row_ += '\n';
  return std::exchange(row_, {});
}

}  // namespace leakfs::build
