// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/crypto/private_key.h"

#include <array>
#include <cassert>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "index/crypto/openssl.h"

namespace leakfs::crypto {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

}  // namespace

struct PrivateKey::State {
  explicit State(EVP_PKEY* owned) : key(owned) {}
  ~State() { EVP_PKEY_free(key); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  EVP_PKEY* key;
};

PrivateKey::PrivateKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}

std::optional<PrivateKey> PrivateKey::from_pem(Bytes pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // An empty passphrase, so that an encrypted key asks nobody.
  std::array<char, 1> passphrase = {};
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, passphrase.data());
  if (key == nullptr) return std::nullopt;
  return PrivateKey(std::make_shared<const State>(key));
}

PrivateKey PrivateKey::generate(KeyKind kind, int bits) {
  EVP_PKEY* key = kind == KeyKind::rsa ? EVP_RSA_gen(static_cast<unsigned>(bits))
                                       : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  assert(key != nullptr);
  return PrivateKey(std::make_shared<const State>(key));
}

ByteString PrivateKey::sign(const Digest& digest, DigestKind digest_kind) const {
  const Bytes hash = digest.bytes();
  std::size_t length = static_cast<std::size_t>(EVP_PKEY_get_size(state_->key));
  ByteString signature(length, '\0');
  bool is_signed = false;
  if (EVP_PKEY_get_base_id(state_->key) == EVP_PKEY_ED25519) {
    const DigestContext context(EVP_MD_CTX_new());
    is_signed =
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, state_->key) == 1 &&
        EVP_DigestSign(context.get(), octets(signature), &length, octets(hash), hash.size()) == 1;
  } else {
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, state_->key, nullptr));
    const EVP_MD* algorithm = digest_kind == DigestKind::sha1 ? EVP_sha1() : EVP_sha256();
    is_signed =
        EVP_PKEY_sign_init(context.get()) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
        EVP_PKEY_CTX_set_signature_md(context.get(), algorithm) == 1 &&
        EVP_PKEY_sign(context.get(), octets(signature), &length, octets(hash), hash.size()) == 1;
  }
  assert(is_signed);
  signature.resize(is_signed ? length : 0);
  return signature;
}

ByteString PrivateKey::public_bytes() const {
  if (EVP_PKEY_get_base_id(state_->key) == EVP_PKEY_ED25519) {
    std::size_t length = 32;
    ByteString raw(length, '\0');
    EVP_PKEY_get_raw_public_key(state_->key, octets(raw), &length);
    return raw;
  }
  ByteString der(static_cast<std::size_t>(i2d_PUBKEY(state_->key, nullptr)), '\0');
  unsigned char* at = octets(der);
  i2d_PUBKEY(state_->key, &at);
  return der;
}

ByteString PrivateKey::to_pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), state_->key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

}  // namespace leakfs::crypto
