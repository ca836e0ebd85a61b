// SPDX-License-Identifier: GPL-3.0-or-later
// What fuzz targets share. Each file beside this is one: it has the function that libFuzzer calls,
// and checks what has to hold for whatever bytes come. replay.cc calls it without libFuzzer.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "index/base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace leakfs::fuzz {

inline Bytes bytes_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Unlike assert(), in every build.
inline void require(bool is_so, const char* what) {
  if (is_so) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace leakfs::fuzz
