// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 4180 rows with LF ends, UTF-8, safe on a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "index/base/bytes.h"

namespace leakfs::build {

// An item of a list within a cell: blanks and "%" become %20 and %25, so that a blank can join
// items.
void append_list_item(std::string& list, std::string_view item);

class CsvRow {
 public:
  CsvRow& add(Bytes value);
  CsvRow& add(std::uint64_t value);
  // Joined by blanks.
  CsvRow& add_list(const std::vector<std::string>& items);

  // The row with its line end; the object starts anew.
  std::string take();

 private:
  std::string row_;
  bool is_first_ = true;
};

}  // namespace leakfs::build
