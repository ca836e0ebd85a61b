// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that signatures are checked with. Immutable and shared by all threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "index/base/bytes.h"
#include "index/crypto/digest.h"

namespace leakfs::crypto {

enum class KeyKind : std::uint8_t { rsa, ed25519 };

class PublicKey {
 public:
  // `der` is a SubjectPublicKeyInfo (RFC 5280 §4.1) or a PKCS#1 RSAPublicKey (RFC 8017 A.1.1).
  static std::optional<PublicKey> rsa(Bytes der);
  // The 32 bytes of RFC 8032 (RFC 8463 §4), or a SubjectPublicKeyInfo around them.
  static std::optional<PublicKey> ed25519(Bytes raw);

  KeyKind kind() const;
  // Length of the modulus; 256 for Ed25519.
  int bits() const;

  // As a SubjectPublicKeyInfo, whatever form it came in; valid as long as the key.
  Bytes der() const;

  // RSA: PKCS#1 v1.5 over `digest` (RFC 8017 §8.2.2), any exponent, from 512 to 16,384 bits.
  // Ed25519: the signature of the digest's bytes (RFC 8463 §3).
  bool verify(const Digest& digest, DigestKind kind, Bytes signature) const;

 private:
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

}  // namespace leakfs::crypto
