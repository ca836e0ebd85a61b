// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that verdicts are made with: those of files, and those that leakfs ships.
#pragma once

#include <string>
#include <vector>

#include "index/base/error.h"
#include "index/base/problem.h"
#include "index/build/listener.h"
#include "index/dkim/keyring.h"

namespace leakfs::build {

struct KeyFiles {
  std::vector<std::string> paths;
  bool has_shipped = true;  // behind those of the files
};

struct LoadedKeys {
  dkim::Keyring keyring;
  std::vector<Problem> problems;  // losses, for mail may be unverified because of them
};

// What cannot be used of a file is said at once, for the user may rather mend it than wait, and is
// a problem. A file that cannot be read is an Error.
Result<LoadedKeys> load_keys(const KeyFiles& files, ProgressListener& listener);

}  // namespace leakfs::build
