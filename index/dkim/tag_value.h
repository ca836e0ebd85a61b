// SPDX-License-Identifier: GPL-3.0-or-later
// What the values of tags hold, as RFC 6376 §3.5 and §3.6.1 have it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "index/base/bytes.h"
#include "index/base/civil_time.h"
#include "index/crypto/digest.h"
#include "index/crypto/public_key.h"
#include "index/dkim/tag_list.h"

namespace leakfs::dkim {

// A tag that holds a number. False if it is there and is none; one above 2^64 counts as the
// largest.
bool read_number(const TagList& tags, Bytes name, std::optional<std::uint64_t>& value);
// A time; one after 2105 is as if it was not there.
bool read_time(const TagList& tags, Bytes name, std::optional<UnixTime>& time);

// Base64 with FWS anywhere (RFC 6376 §3.2 base64string). Absent for any other byte, data behind
// padding, or a length that no encoding has.
std::optional<ByteString> decode_strict_base64(Bytes text);

// What a= names: "rsa-sha256", "ed25519-sha256" (RFC 8463), "rsa-sha1".
struct Algorithm {
  crypto::KeyKind key = crypto::KeyKind::rsa;
  crypto::DigestKind digest = crypto::DigestKind::sha256;
};
std::optional<Algorithm> parse_algorithm(std::string_view lower_case_name);

// Letters, digits, "-", "_", "." and UTF-8 (RFC 8616): every name that is shown or looked up.
bool is_host_name(std::string_view name);

}  // namespace leakfs::dkim
