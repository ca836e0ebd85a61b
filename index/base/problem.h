// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with the input. A Problem is data, a row of catalog/problems.csv; it never ends a
// build.
#pragma once

#include <cstdint>
#include <string>

namespace leakfs {

struct Problem {
  std::string source;        // member or message, as in the column sources of messages.csv
  std::uint64_t offset = 0;  // bytes from the start of `source`
  std::string kind;          // one word: depth, parts, header, truncated, ...
  std::string detail;        // for a person
  bool is_loss = false;      // bytes of the input are not in the index: exit status 1
};

}  // namespace leakfs
