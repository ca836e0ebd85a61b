// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/fingerprint.h"

#include <algorithm>

#include <fmt/format.h>

#include "index/crypto/digest.h"

namespace leakfs::archive {

Result<Fingerprint> fingerprint(const File& file) {
  Fingerprint result;
  result.size = TRY(file.size());
  crypto::Hasher hasher(crypto::DigestKind::sha256);
  const std::uint64_t edge = std::min(result.size, fingerprint_edge_size);
  hasher.add(TRY(file.read(0, edge)));
  hasher.add(TRY(file.read(result.size - edge, edge)));
  result.edges = hasher.finish().bytes();
  for (int i = 1; i <= fingerprint_samples; ++i) {
    const std::uint64_t at =
        result.size / (fingerprint_samples + 1) * static_cast<std::uint64_t>(i);
    const std::uint64_t length = std::min(fingerprint_sample_size, result.size - at);
    hasher.add(TRY(file.read(at, length)));
  }
  result.samples = hasher.finish().bytes();
  return result;
}

std::optional<std::string> difference(const Fingerprint& was, const Fingerprint& is) {
  if (was.size != is.size) {
    return fmt::format("its size is {} bytes and was {}", is.size, was.size);
  }
  if (was.edges != is.edges) return "the bytes at its start or end are others";
  if (was.samples != is.samples) return "bytes in its middle are others";
  return std::nullopt;
}

}  // namespace leakfs::archive
