// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/base/checksum.h"

#include <algorithm>
#include <memory>
#include <new>

#include <xxhash.h>

namespace leakfs {
namespace {

constexpr std::size_t piece_size = 1 << 20;

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

Checksum canonical(const XXH128_hash_t& hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  Checksum result;
  std::copy(std::begin(canonical.digest), std::end(canonical.digest), result.begin());
  return result;
}

}  // namespace

Checksum checksum(Bytes bytes) { return canonical(XXH3_128bits(bytes.data(), bytes.size())); }

Result<Checksum> checksum(const File& file, std::uint64_t length) {
  const std::unique_ptr<XXH3_state_t, FreeState> state(XXH3_createState());
  if (state == nullptr) throw std::bad_alloc();
  XXH3_128bits_reset(state.get());
  for (std::uint64_t offset = 0; offset < length; offset += piece_size) {
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(piece_size, length - offset));
    const ByteString piece = TRY(file.read(offset, size));
    XXH3_128bits_update(state.get(), piece.data(), piece.size());
  }
  return canonical(XXH3_128bits_digest(state.get()));
}

}  // namespace leakfs
