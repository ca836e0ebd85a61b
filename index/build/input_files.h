// SPDX-License-Identifier: GPL-3.0-or-later
// The files that an index is made of, as they were when the build began.
#pragma once

#include <string>
#include <vector>

#include "index/archive/fingerprint.h"
#include "index/base/error.h"
#include "index/base/file.h"

namespace leakfs::build {

struct InputFile {
  std::string path;  // absolute
  File file;
  bool is_directory = false;
  archive::Fingerprint fingerprint;  // of a file
};

// An Error if one cannot be read.
Result<std::vector<InputFile>> describe_inputs(const std::vector<std::string>& paths);

// An Error if one of the files is no more what it was, or has given its name to another: the index
// would be of neither. Opens nothing.
Result<void> check_unchanged(const std::vector<InputFile>& inputs);

}  // namespace leakfs::build
