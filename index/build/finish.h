// SPDX-License-Identifier: GPL-3.0-or-later
// The second half of a build: from the spooled records to tables, folders and catalog.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "index/base/error.h"
#include "index/build/catalog.h"
#include "index/build/collector.h"
#include "index/build/input_files.h"
#include "index/build/inventory.h"
#include "index/build/key_files.h"
#include "index/build/slots.h"
#include "index/build/spool.h"
#include "index/store/writer.h"

namespace leakfs::build {

struct FinishRequest {
  const std::vector<InputFile>& inputs;
  Inventory& inventory;
  Collector& collector;
  Spool& spool;
  Slots& slots;  // free
  const LoadedKeys& keys;
  unsigned jobs = 1;
  UnixTime built = 0;
  std::string program;
};

struct Outcome {
  Counts counts;
  std::vector<Problem> problems;
  bool is_partial = false;  // a problem is a loss
};

// Writes everything but the seal.
Result<Outcome> finish(const FinishRequest& request, store::IndexWriter& writer);

}  // namespace leakfs::build
