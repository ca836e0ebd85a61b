// SPDX-License-Identifier: GPL-3.0-or-later
// The first half of a build, until all of the input was read and parsed: joins the reader, the
// parsers and what takes their outcomes.
#pragma once

#include "index/archive/walk.h"
#include "index/base/error.h"
#include "index/build/collector.h"
#include "index/build/inventory.h"
#include "index/build/listener.h"
#include "index/build/slots.h"
#include "index/process/pool.h"

namespace leakfs::build {

struct ReadingRequest {
  const archive::Walk& walk;
  Slots& slots;
  process::Job& job;
  unsigned jobs = 1;
  Inventory& inventory;
  Collector& collector;
};

// Outcomes are taken in the order of the input, whatever the number of parsers.
Result<void> read_inputs(const ReadingRequest& request, ProgressListener& listener);

}  // namespace leakfs::build
