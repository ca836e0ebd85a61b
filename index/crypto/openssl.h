// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: owners of OpenSSL's objects, and bytes as it wants them.
#pragma once

#include <memory>

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

}  // namespace leakfs::crypto
