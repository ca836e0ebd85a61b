// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the files that an index was made of, and makes sure that they still are those.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "index/archive/source.h"
#include "index/base/error.h"
#include "index/store/snapshot.h"

namespace leakfs::content {

struct Inputs {
  archive::Source source;
  std::vector<std::string> missing;  // names of files that are not there
};

// Each input is looked for among `given`, by its place on the command line of mkleakfs or by its
// name, then beside the index, then where it was. A file that is there and differs is an Error that
// says how. `passphrase` is that of encrypted archives.
Result<Inputs> open_inputs(const store::Snapshot& index, const std::string& index_path,
                           const std::vector<std::string>& given,
                           std::optional<std::string> passphrase = {});

}  // namespace leakfs::content
