// SPDX-License-Identifier: GPL-3.0-or-later
// Where the messages lie in the archive: a folder per mailbox, in it folders as mail programs make
// them. Places that hold the bytes of another are what deduplication has to find.
#pragma once

#include <cstdint>

#include "tools/sample/plan.h"

namespace leakfs::sample {

// Fills places, first_places and copies.
void plan_places(Plan& plan, std::uint32_t duplicates);

}  // namespace leakfs::sample
