// SPDX-License-Identifier: GPL-3.0-or-later
// XXH3-128: finds damage, not forgery. xxhash is behind this file.
#pragma once

#include <array>
#include <cstdint>

#include "index/base/bytes.h"

namespace leakfs {

using Checksum = std::array<std::uint8_t, 16>;  // canonical (big-endian) form

Checksum checksum(Bytes bytes);

}  // namespace leakfs
