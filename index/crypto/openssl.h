// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: owners of OpenSSL's objects, bytes as it wants them, and the one of its
// errors that is not the input's.
#pragma once

#include <memory>
#include <new>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "index/base/bytes.h"

namespace leakfs::crypto {

struct FreeKeyContext {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeKeyContext>;

struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigestContext>;

inline unsigned char* octets(ByteString& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}
inline const unsigned char* octets(Bytes bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// False, of something that OpenSSL says is wrong; throws if it was only short of memory, for that
// is no verdict.
inline bool refused() {
  bool is_out_of_memory = false;
  while (const unsigned long code = ERR_get_error()) {
    is_out_of_memory |= ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE;
  }
  if (is_out_of_memory) throw std::bad_alloc();
  return false;
}

}  // namespace leakfs::crypto
