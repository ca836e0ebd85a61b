// SPDX-License-Identifier: GPL-3.0-or-later
// Content-Type and Content-Disposition values (RFC 2045 §5.1, RFC 2183) with the parameters of
// RFC 2231: quotes, comments, continuations, charset and language.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/base/bytes.h"

namespace leakfs::mail {

constexpr std::size_t parameters_max = 128;  // of one field, RFC 2231 segments included

struct Parameter {
  std::string name;   // lower case, without RFC 2231 section numbers and "*"
  std::string value;  // decoded to UTF-8
};

struct ParameterizedValue {
  std::string value;  // lower case: "text/plain", "attachment"; empty if unreadable
  std::vector<Parameter> parameters;
  bool is_cut = false;  // more than parameters_max

  // The first parameter of that (lower-case) name.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

ParameterizedValue parse_parameterized(Bytes value);

}  // namespace leakfs::mail
