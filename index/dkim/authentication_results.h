// SPDX-License-Identifier: GPL-3.0-or-later
// What a receiver says that it found (RFC 8601 §2.2), in the form that ARC keeps (RFC 8617 §4.1.1).
#pragma once

#include <string>
#include <vector>

#include "index/base/bytes.h"

namespace leakfs::dkim {

constexpr std::size_t method_results_max = 100;

struct MethodResult {
  std::string method;  // "dkim", "spf", ..., lower case
  std::string result;  // "pass", ..., lower case
  std::string domain;  // of dkim: header.d, else that of header.i; lower case, may be empty
};

// The results in an ARC-Authentication-Results value, behind "i=N; HOST;". What cannot be read is
// left out.
std::vector<MethodResult> parse_arc_results(Bytes value);

// The instance, 0 if the value does not start with one.
unsigned instance_of_arc_results(Bytes value);

}  // namespace leakfs::dkim
