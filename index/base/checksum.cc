// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/base/checksum.h"

#include <algorithm>
#include <new>

#define XXH_STATIC_LINKING_ONLY  // for the size of a state
#include <xxhash.h>

namespace leakfs {
namespace {

constexpr std::size_t piece_size = 1 << 20;

Checksum canonical(const XXH128_hash_t& hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  Checksum result;
  std::copy(std::begin(canonical.digest), std::end(canonical.digest), result.begin());
  return result;
}

}  // namespace

struct RunningChecksum::State {
  XXH3_state_t hash;
};

RunningChecksum::RunningChecksum() : state_(std::make_unique<State>()) {
  XXH3_INITSTATE(&state_->hash);
  XXH3_128bits_reset(&state_->hash);
}

RunningChecksum::~RunningChecksum() = default;
RunningChecksum::RunningChecksum(RunningChecksum&&) noexcept = default;
RunningChecksum& RunningChecksum::operator=(RunningChecksum&&) noexcept = default;

void RunningChecksum::add(Bytes bytes) {
  XXH3_128bits_update(&state_->hash, bytes.data(), bytes.size());
}

Checksum RunningChecksum::take() {
  const Checksum sum = canonical(XXH3_128bits_digest(&state_->hash));
  XXH3_128bits_reset(&state_->hash);
  return sum;
}

Checksum checksum(Bytes bytes) { return canonical(XXH3_128bits(bytes.data(), bytes.size())); }

Result<Checksum> checksum(const File& file, std::uint64_t length) {
  RunningChecksum sum;
  for (std::uint64_t offset = 0; offset < length; offset += piece_size) {
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(piece_size, length - offset));
    sum.add(TRY(file.read(offset, size)));
  }
  return sum.take();
}

}  // namespace leakfs
