// SPDX-License-Identifier: GPL-3.0-or-later
// Which key a domain signs with at which time, and the key file that tells a verifier.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "index/base/bytes.h"
#include "index/base/civil_time.h"
#include "index/crypto/private_key.h"
#include "tools/sample/domains.h"
#include "tools/sample/test_keys.h"

namespace leakfs::sample {

struct KeyUse {
  std::string_view selector;
  TestKey key = TestKey::rsa_2048_a;
};

// What `domain` signs with at `date`. Its public key is in the key file unless it is unlisted.
KeyUse key_in_use(std::string_view domain, Standing standing, UnixTime date);

// A second key that signing domains have; for RFC 8463.
KeyUse ed25519_key();
// A key of any domain that is in no file.
KeyUse lost_key();

// All test keys, parsed once; shared by all threads.
class KeyChain {
 public:
  KeyChain();
  const crypto::PrivateKey& at(TestKey key) const { return keys_[static_cast<std::size_t>(key)]; }

 private:
  std::vector<crypto::PrivateKey> keys_;
};

// The records as a zone file (DESIGN section 3), with provenance.
ByteString key_file(const KeyChain& keys);

}  // namespace leakfs::sample
