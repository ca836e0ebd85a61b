// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/crypto/public_key.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "index/crypto/openssl.h"

namespace leakfs::crypto {
namespace {

constexpr int rsa_bits_min = 512;
constexpr int rsa_bits_max = 16'384;
constexpr std::size_t ed25519_size = 32;

// Null if it is no key.
EVP_PKEY* key_from_der(Bytes der) {
  ERR_clear_error();
  const unsigned char* at = octets(der);
  if (EVP_PKEY* key = d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()))) return key;
  refused();
  at = octets(der);
  return d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(der.size()));
}

const EVP_MD* digest_algorithm(DigestKind kind) {
  return kind == DigestKind::sha1 ? EVP_sha1() : EVP_sha256();
}

// What encoding a key costs is more than verifying with it.
ByteString encoded(EVP_PKEY* key) {
  unsigned char* bytes = nullptr;
  const int length = i2d_PUBKEY(key, &bytes);
  if (length <= 0) throw std::bad_alloc();  // what was decoded can be encoded
  ByteString der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return der;
}

}  // namespace

struct PublicKey::State {
  explicit State(EVP_PKEY* owned) : key(owned), der(encoded(owned)) {}
  ~State() {
    EVP_PKEY_CTX_free(verifier[0]);
    EVP_PKEY_CTX_free(verifier[1]);
    EVP_PKEY_free(key);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  bool prepare(DigestKind kind) {
    EVP_PKEY_CTX*& context = verifier[static_cast<std::size_t>(kind)];
    context = EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr);
    return context != nullptr && EVP_PKEY_verify_init(context) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
           EVP_PKEY_CTX_set_signature_md(context, digest_algorithm(kind)) == 1;
  }

  EVP_PKEY* key;
  ByteString der;
  // RSA: one made ready per digest, never verified with but copied, which makes them shareable.
  EVP_PKEY_CTX* verifier[2] = {nullptr, nullptr};
};

PublicKey::PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}

std::optional<PublicKey> PublicKey::rsa(Bytes der) {
  EVP_PKEY* key = key_from_der(der);
  if (key == nullptr && !refused()) return std::nullopt;
  auto state = std::make_shared<State>(key);
  const int bits = EVP_PKEY_get_bits(key);
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || bits < rsa_bits_min || bits > rsa_bits_max) {
    return std::nullopt;
  }
  if (!state->prepare(DigestKind::sha1) || !state->prepare(DigestKind::sha256)) {
    refused();
    return std::nullopt;
  }
  return PublicKey(std::move(state));
}

std::optional<PublicKey> PublicKey::ed25519(Bytes raw) {
  ERR_clear_error();
  EVP_PKEY* key = nullptr;
  if (raw.size() == ed25519_size) {
    key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(raw), raw.size());
  } else {
    const unsigned char* at = octets(raw);
    key = d2i_PUBKEY(nullptr, &at, static_cast<long>(raw.size()));
  }
  if (key == nullptr && !refused()) return std::nullopt;
  auto state = std::make_shared<const State>(key);
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) return std::nullopt;
  return PublicKey(std::move(state));
}

KeyKind PublicKey::kind() const {
  return EVP_PKEY_get_base_id(state_->key) == EVP_PKEY_RSA ? KeyKind::rsa : KeyKind::ed25519;
}

int PublicKey::bits() const {
  return kind() == KeyKind::rsa ? EVP_PKEY_get_bits(state_->key) : 256;
}

Bytes PublicKey::der() const { return state_->der; }

bool PublicKey::verify(const Digest& digest, DigestKind digest_kind, Bytes signature) const {
  const Bytes hash = digest.bytes();
  ERR_clear_error();
  if (kind() == KeyKind::ed25519) {
    const DigestContext context(EVP_MD_CTX_new());
    return (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, state_->key) == 1 &&
            EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(hash),
                             hash.size()) == 1) ||
           refused();
  }
  const EVP_PKEY_CTX* ready = state_->verifier[static_cast<std::size_t>(digest_kind)];
  const KeyContext context(EVP_PKEY_CTX_dup(ready));
  return (context != nullptr && EVP_PKEY_verify(context.get(), octets(signature), signature.size(),
                                                octets(hash), hash.size()) == 1) ||
         refused();
}

}  // namespace leakfs::crypto
