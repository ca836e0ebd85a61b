// SPDX-License-Identifier: GPL-3.0-or-later
// Judges the signatures of an index again, without the archive.
#pragma once

#include <string>

#include "index/base/error.h"
#include "index/build/catalog.h"
#include "index/dkim/keyring.h"

namespace leakfs::build {

// Replaces the index by one whose verdicts are those that `keyring` gives: records, folders,
// catalog and README.txt are written anew, texts and copied content stay. The index is whole all
// the time, and untouched after an Error.
Result<Counts> reverify(const std::string& index, const dkim::Keyring& keyring, unsigned jobs);

}  // namespace leakfs::build
