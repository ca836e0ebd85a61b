// SPDX-License-Identifier: GPL-3.0-or-later
// Where the index of an archive lies: beside it, or in the user's cache where that cannot be
// written.
#pragma once

#include <optional>
#include <string>

#include "index/base/error.h"

namespace leakfs::build {

// The path of a new index of `archive`: "leak.tar.gz.leakidx" beside it, else
// $XDG_CACHE_HOME/leakfs/leak.tar.gz-FINGERPRINT.leakidx, whose directory is made.
Result<std::string> new_index_of(const std::string& archive);

// The index of `archive` that is there, in the same order.
Result<std::optional<std::string>> existing_index_of(const std::string& archive);

}  // namespace leakfs::build
