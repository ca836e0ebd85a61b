// SPDX-License-Identifier: GPL-3.0-or-later
// Makes DKIM-Signature fields (RFC 6376 §5), for mkleaksample and the tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/base/bytes.h"
#include "index/base/civil_time.h"
#include "index/crypto/private_key.h"
#include "index/dkim/canonical.h"

namespace leakfs::dkim {

struct SigningOptions {
  std::string domain;
  std::string selector;
  Canonicalization header = Canonicalization::relaxed;
  Canonicalization body = Canonicalization::relaxed;
  crypto::DigestKind digest = crypto::DigestKind::sha256;
  std::vector<std::string> fields;      // h=, in this order; a name once per occurrence to sign
  std::optional<std::string> identity;  // i=
  std::optional<std::uint64_t> body_length;  // l=
  std::optional<UnixTime> time;              // t=
  std::optional<UnixTime> expiration;        // x=
};

// The field "DKIM-Signature: ...\r\n", folded, to put on top of `message` (CRLF line ends).
ByteString sign(Bytes message, const crypto::PrivateKey& key, const SigningOptions& options);

}  // namespace leakfs::dkim
