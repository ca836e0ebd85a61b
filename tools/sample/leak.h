// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a sample: the archive, its truth and its keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "index/base/error.h"
#include "tools/sample/quota.h"

namespace leakfs::sample {

struct Request {
  std::string output;  // the extension chooses the format
  Quota quota;
  std::optional<std::uint64_t> attachment_bytes;  // of all together, decoded; absent: a demo's
  std::uint64_t seed = 1;
  unsigned jobs = 1;
  bool is_forced = false;  // replaces files that are there
};

struct Summary {
  std::uint32_t messages = 0;
  std::uint32_t places = 0;
  std::uint32_t attachments = 0;
  std::uint64_t bytes = 0;  // of all messages in all places
};

// The same request gives the same bytes, whatever `jobs` is.
Result<Summary> write_leak(const Request& request);

}  // namespace leakfs::sample
