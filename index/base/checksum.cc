// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/base/checksum.h"

#include <algorithm>

#include <xxhash.h>

namespace leakfs {

Checksum checksum(Bytes bytes) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  Checksum result;
  std::copy(std::begin(canonical.digest), std::end(canonical.digest), result.begin());
  return result;
}

}  // namespace leakfs
