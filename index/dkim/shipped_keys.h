// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that leakfs ships, tools/keys/public-keys.zone, as a part of the program, so that they
// are found wherever it is run from.
#pragma once

#include "index/base/bytes.h"

namespace leakfs::dkim {

// The text of the file.
Bytes shipped_keys();

constexpr const char* shipped_keys_name = "public-keys.zone";

}  // namespace leakfs::dkim
