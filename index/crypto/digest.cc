// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/crypto/digest.h"

#include <cassert>

#include <openssl/evp.h>

namespace leakfs::crypto {
namespace {

// Fetched once: EVP_sha256() looks its provider up at each use, which costs more than hashing a
// short mail.
const EVP_MD* algorithm(DigestKind kind) {
  static EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kind == DigestKind::sha1 ? sha1 : sha256;
}

}  // namespace

struct Hasher::State {
  explicit State(DigestKind digest_kind) : kind(digest_kind), context(EVP_MD_CTX_new()) {
    EVP_DigestInit_ex2(context, algorithm(kind), nullptr);
  }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  DigestKind kind;
  EVP_MD_CTX* context;
};

Hasher::Hasher(DigestKind kind) : state_(std::make_unique<State>(kind)) {}
Hasher::~Hasher() = default;

void Hasher::add(Bytes bytes) { EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()); }

Digest Hasher::finish() {
  Digest digest;
  unsigned length = 0;
  EVP_DigestFinal_ex(state_->context, reinterpret_cast<unsigned char*>(digest.raw.data()), &length);
  assert(length <= digest.raw.size());
  digest.length = static_cast<std::uint8_t>(length);
  EVP_DigestInit_ex2(state_->context, algorithm(state_->kind), nullptr);
  return digest;
}

Digest sha256(Bytes bytes) {
  thread_local Hasher hasher(DigestKind::sha256);
  hasher.add(bytes);
  return hasher.finish();
}

}  // namespace leakfs::crypto
