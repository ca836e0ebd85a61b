// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/verify/openssl.h"

#include <array>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace leakfs::bench {
namespace {

const unsigned char* octets(Bytes bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

struct Openssl::State {
  explicit State(Bytes public_key)
      : sha256(EVP_MD_fetch(nullptr, "SHA256", nullptr)), hashing(EVP_MD_CTX_new()) {
    const unsigned char* at = octets(public_key);
    key = d2i_PUBKEY(nullptr, &at, static_cast<long>(public_key.size()));
    verifying = EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr);
    EVP_PKEY_verify_init(verifying);
    EVP_PKEY_CTX_set_rsa_padding(verifying, RSA_PKCS1_PADDING);
    EVP_PKEY_CTX_set_signature_md(verifying, sha256);
  }
  ~State() {
    EVP_PKEY_CTX_free(verifying);
    EVP_PKEY_free(key);
    EVP_MD_CTX_free(hashing);
    EVP_MD_free(sha256);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::array<unsigned char, 32> hash(Bytes bytes) const {
    std::array<unsigned char, 32> digest = {};
    EVP_DigestInit_ex2(hashing, sha256, nullptr);
    EVP_DigestUpdate(hashing, bytes.data(), bytes.size());
    EVP_DigestFinal_ex(hashing, digest.data(), nullptr);
    return digest;
  }

  EVP_MD* sha256;
  EVP_MD_CTX* hashing;
  EVP_PKEY* key = nullptr;
  EVP_PKEY_CTX* verifying = nullptr;
};

Openssl::Openssl(Bytes public_key) : state_(std::make_unique<State>(public_key)) {}
Openssl::~Openssl() = default;

bool Openssl::verify(const SignedMessage& message) {
  const auto body = state_->hash(message.canonical_body);
  const auto header = state_->hash(message.header_input);
  return Bytes(reinterpret_cast<const char*>(body.data()), body.size()) == message.body_hash &&
         EVP_PKEY_verify(state_->verifying, octets(message.signature), message.signature.size(),
                         header.data(), header.size()) == 1;
}

}  // namespace leakfs::bench
