// SPDX-License-Identifier: GPL-3.0-or-later
// Tells whether an input file is still the one that was indexed, at the cost of 66 small reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/base/file.h"

namespace leakfs::archive {

constexpr std::uint64_t fingerprint_edge_size = 1 << 20;    // bytes hashed at each end
constexpr std::uint64_t fingerprint_sample_size = 4 << 10;  // bytes of each sample
constexpr int fingerprint_samples = 64;                     // at equal distances between the ends

struct Fingerprint {
  std::uint64_t size = 0;
  ByteString edges;    // SHA-256 of the first and last MiB
  ByteString samples;  // SHA-256 of the samples
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

Result<Fingerprint> fingerprint(const File& file);

// In words what differs ("its size is 17 bytes, was 20"), or nothing.
std::optional<std::string> difference(const Fingerprint& was, const Fingerprint& is);

}  // namespace leakfs::archive
