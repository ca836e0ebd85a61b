// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/codec/crc32.h"

#include <zlib.h>

namespace leakfs::codec {

std::uint32_t crc32(std::uint32_t so_far, Bytes bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(so_far, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace leakfs::codec
