// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-1 and SHA-256 (FIPS 180-4). OpenSSL is behind this folder.
#pragma once

#include <array>
#include <memory>

#include "index/base/bytes.h"

namespace leakfs::crypto {

enum class DigestKind : std::uint8_t { sha1, sha256 };

// The raw digest: 20 or 32 bytes.
struct Digest {
  std::array<char, 32> raw = {};
  std::uint8_t length = 0;

  Bytes bytes() const { return {raw.data(), length}; }
  friend bool operator==(const Digest& a, const Digest& b) { return a.bytes() == b.bytes(); }
};

// Hashes what is added, in any cut. One object serves many messages: finish() starts anew.
// Not for use by several threads at once.
class Hasher {
 public:
  explicit Hasher(DigestKind kind);
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void add(Bytes bytes);
  // The digest of all that was added since the last finish().
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest sha256(Bytes bytes);

}  // namespace leakfs::crypto
