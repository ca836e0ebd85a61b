// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the first set of an Authenticated Received Chain (RFC 8617 §5.1), for mkleaksample.
#pragma once

#include <string>
#include <vector>

#include "index/base/bytes.h"
#include "index/base/civil_time.h"
#include "index/crypto/private_key.h"

namespace leakfs::dkim {

struct ArcSealing {
  std::string domain;
  std::string selector;
  std::vector<std::string> fields;  // h= of the message signature
  std::string results;              // behind "i=1; ": "mx.example.org; dkim=pass header.d=..."
  UnixTime time = 0;
};

// The three fields to put on top of `message` (CRLF line ends). `key` is an RSA key.
ByteString seal_first_hop(Bytes message, const crypto::PrivateKey& key, const ArcSealing& sealing);

}  // namespace leakfs::dkim
