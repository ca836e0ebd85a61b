// SPDX-License-Identifier: GPL-3.0-or-later
// Problems as an index keeps them, and back.
#pragma once

#include <vector>

#include "index/base/error.h"
#include "index/base/problem.h"
#include "index/store/snapshot.h"

namespace leakfs::build {

Result<void> write_problems(const std::vector<Problem>& problems, store::TableWriter& tables);
Result<std::vector<Problem>> read_problems(const store::Snapshot& index);

}  // namespace leakfs::build
