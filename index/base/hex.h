// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "index/base/bytes.h"

namespace leakfs {

// Two lower-case digits a byte.
std::string to_hex(Bytes bytes);

// 16 lower-case digits.
std::string to_hex(std::uint64_t value);

// A number of exactly 16 lower-case digits.
std::optional<std::uint64_t> from_hex(std::string_view digits);

}  // namespace leakfs
