// SPDX-License-Identifier: GPL-3.0-or-later
// Judges the signatures of an index again, without the archive.
#pragma once

#include <string>

#include "index/base/error.h"
#include "index/build/finish.h"
#include "index/build/key_files.h"
#include "index/build/listener.h"

namespace leakfs::build {

// Replaces the index by one whose verdicts are those that the keys give: records, folders, catalog
// and README.txt are written anew, texts and copied content stay. The index is whole all the time,
// and untouched after an Error.
Result<Outcome> reverify(const std::string& index, const KeyFiles& files, unsigned jobs,
                         ProgressListener& listener);

}  // namespace leakfs::build
