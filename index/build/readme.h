// SPDX-License-Identifier: GPL-3.0-or-later
// The texts at the root of the tree, for people.
#pragma once

#include <string>
#include <vector>

#include "index/base/problem.h"
#include "index/build/catalog.h"

namespace leakfs::build {

// README.txt
std::string readme(const std::vector<std::string>& inputs, const Counts& counts);

// ERRORS.txt, or nothing if all of the input was read.
std::string errors(const std::vector<Problem>& problems);

}  // namespace leakfs::build
