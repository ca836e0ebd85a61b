// SPDX-License-Identifier: GPL-3.0-or-later
// A key record as a line of a key file, for an index that keeps the keys it was judged with.
#pragma once

#include <string>
#include <string_view>

#include "index/dkim/key_record.h"

namespace leakfs::dkim {

// "sel._domainkey.example.org. IN TXT "..." ; provenance", with its line end. Keyring::add() reads
// the same record from it.
std::string zone_line(std::string_view selector, std::string_view domain, const KeyRecord& record);

}  // namespace leakfs::dkim
