// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of each message because we made it so: a CSV with the columns of
// catalog/messages.csv. A column that a reader may word in more than one way stays empty.
#pragma once

#include <string>
#include <vector>

#include "index/base/bytes.h"
#include "index/dkim/report.h"
#include "tools/sample/draft.h"

namespace leakfs::sample {

struct TruthRow {
  const Draft& draft;
  dkim::Reason reason;
  const std::vector<std::string>& domains;
  Bytes bytes;  // as they are in the archive
  std::vector<std::string> sources;
};

// With line end.
std::string truth_header();
std::string truth_line(const TruthRow& row);

}  // namespace leakfs::sample
