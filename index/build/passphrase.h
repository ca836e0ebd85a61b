// SPDX-License-Identifier: GPL-3.0-or-later
// The passphrase of an archive, from a file: a command line is seen by every user.
#pragma once

#include <string>

#include "index/base/error.h"

namespace leakfs::build {

// The first line of the file, without its line end.
Result<std::string> read_passphrase(const std::string& path);

}  // namespace leakfs::build
