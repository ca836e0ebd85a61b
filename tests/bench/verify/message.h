// SPDX-License-Identifier: GPL-3.0-or-later
// What is verified: a signed mail as leaks have many, and the same taken apart for those who only
// calculate.
#pragma once

#include <cstddef>

#include "index/base/bytes.h"
#include "index/crypto/private_key.h"

namespace leakfs::bench {

struct SignedMessage {
  ByteString bytes;   // with CRLF
  ByteString record;  // of the key: what DNS would answer
  ByteString zone;    // the same as a key file

  ByteString header_input;    // what the signature signs
  ByteString canonical_body;  // what bh= is the hash of
  ByteString body_hash;
  ByteString signature;
};

// Of `size` bytes or a few more: rsa-sha256, relaxed/relaxed, 2048 bits. Prose in lines of up to 72
// columns, some of it with two blanks between sentences, some quoted, with a small table.
SignedMessage make_message(std::size_t size, const crypto::PrivateKey& key);

}  // namespace leakfs::bench
