// SPDX-License-Identifier: GPL-3.0-or-later
// The checksums of all streams until the tables are written: packed, for a zip has a stream for
// each of its members.
#pragma once

#include <cstdint>
#include <vector>

#include "index/archive/walk.h"
#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/store/lmdb.h"

namespace leakfs::build {

class SumList {
 public:
  void add(const archive::SumGroup& group);
  // In the order of the table. Call once, after the last group.
  Result<void> write(store::TableWriter& tables);

 private:
  struct Group {
    StreamId stream;
    std::uint32_t size = 0;  // bytes of sums_
    std::uint64_t offset = 0;
    std::uint64_t at = 0;  // in sums_
  };

  std::vector<Group> groups_;
  ByteString sums_;
};

}  // namespace leakfs::build
