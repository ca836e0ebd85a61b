// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that mkleaksample and the tests sign with.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "index/base/bytes.h"
#include "index/crypto/digest.h"
#include "index/crypto/public_key.h"

namespace leakfs::crypto {

class PrivateKey {
 public:
  // An unencrypted PEM key: PKCS#8 or PKCS#1.
  static std::optional<PrivateKey> from_pem(Bytes pem);
  // A new key; `bits` is ignored for Ed25519.
  static PrivateKey generate(KeyKind kind, int bits);

  // As PublicKey::verify() expects it. RSA PKCS#1 v1.5 and Ed25519 are deterministic.
  ByteString sign(const Digest& digest, DigestKind kind) const;

  // What goes into p= of a key record, before base64: SubjectPublicKeyInfo for RSA, the 32 raw
  // bytes for Ed25519.
  ByteString public_bytes() const;
  // The key itself as PKCS#8 PEM.
  ByteString to_pem() const;

 private:
  struct State;
  explicit PrivateKey(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

}  // namespace leakfs::crypto
