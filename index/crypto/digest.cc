// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/crypto/digest.h"

#include <cassert>
#include <new>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "index/crypto/openssl.h"

namespace leakfs::crypto {
namespace {

// With these arguments OpenSSL fails for want of memory only.
template <typename Value>
Value checked(Value value) {
  if (!value) throw std::bad_alloc();
  return value;
}

// EVP_MD_fetch() uses the locks of what was not initialised.
EVP_MD* fetch(const char* name) {
  checked(OSSL_LIB_CTX_get0_global_default());
  return checked(EVP_MD_fetch(nullptr, name, nullptr));
}

// Fetched once: EVP_sha256() looks its provider up at each use, which costs more than hashing a
// short mail.
const EVP_MD* algorithm(DigestKind kind) {
  static EVP_MD* const sha1 = fetch("SHA1");
  static EVP_MD* const sha256 = fetch("SHA256");
  return kind == DigestKind::sha1 ? sha1 : sha256;
}

}  // namespace

struct Hasher::State {
  explicit State(DigestKind digest_kind) : kind(digest_kind), context(checked(EVP_MD_CTX_new())) {
    start();
  }

  void start() { checked(EVP_DigestInit_ex2(context.get(), algorithm(kind), nullptr) == 1); }

  DigestKind kind;
  DigestContext context;
};

Hasher::Hasher(DigestKind kind) : state_(std::make_unique<State>(kind)) {}
Hasher::~Hasher() = default;

void Hasher::add(Bytes bytes) {
  checked(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

Digest Hasher::finish() {
  Digest digest;
  unsigned length = 0;
  auto* raw = reinterpret_cast<unsigned char*>(digest.raw.data());
  checked(EVP_DigestFinal_ex(state_->context.get(), raw, &length) == 1);
  assert(length <= digest.raw.size());
  digest.length = static_cast<std::uint8_t>(length);
  state_->start();
  return digest;
}

Digest sha256(Bytes bytes) {
  thread_local Hasher hasher(DigestKind::sha256);
  hasher.add(bytes);
  return hasher.finish();
}

}  // namespace leakfs::crypto
