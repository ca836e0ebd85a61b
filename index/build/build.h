// SPDX-License-Identifier: GPL-3.0-or-later
// Builds an index: what mkleakfs does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/base/error.h"
#include "index/build/finish.h"
#include "index/build/key_files.h"
#include "index/build/listener.h"

namespace leakfs::build {

struct BuildOptions {
  std::vector<std::string> inputs;  // at least one
  std::string output;
  KeyFiles keys;
  std::optional<std::string> passphrase;
  archive::CopyPolicy copy = archive::CopyPolicy::distant;
  unsigned jobs = 1;
  bool replace = false;
};

// The index exists and is whole if there is no Error.
Result<Outcome> build_index(const BuildOptions& options, ProgressListener& listener);

}  // namespace leakfs::build
