// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "index/base/bytes.h"

namespace leakfs::sample {

enum class TestKey : std::uint8_t {
  rsa_2048_a,
  rsa_2048_b,
  rsa_1024_a,
  rsa_1024_b,
  rsa_1024_leaked,  // "stolen": its record says compromised-since=
  rsa_768,
  rsa_512,
  ed25519,
};
constexpr std::size_t test_keys = 8;

// Unencrypted PKCS#8.
Bytes test_key_pem(TestKey key);

}  // namespace leakfs::sample
