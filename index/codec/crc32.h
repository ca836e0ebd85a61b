// SPDX-License-Identifier: GPL-3.0-or-later
// The CRC-32 of zip and gzip (ISO 3309). zlib is behind it.
#pragma once

#include <cstdint>

#include "index/base/bytes.h"

namespace leakfs::codec {

// Of what was seen so far (0: nothing) and `bytes`.
std::uint32_t crc32(std::uint32_t so_far, Bytes bytes);

}  // namespace leakfs::codec
