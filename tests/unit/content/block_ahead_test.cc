// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/content/block_ahead.h"

#include <atomic>
#include <new>

#include <gtest/gtest.h>

#include "index/store/heap.h"

namespace leakfs::content {
namespace {

// A thread that ends by an exception ends the process.
TEST(BlockAhead, AFetchThatFindsNoMemoryEndsNothing) {
  std::atomic<int> fetches = 0;
  BlockAhead ahead([&](StreamId, std::uint64_t) -> bool {
    ++fetches;
    fetches.notify_all();
    throw std::bad_alloc();
  });
  const auto read_block = [&](std::uint64_t number) {
    ahead.note({0}, {.offset = number * store::block_size, .length = store::block_size},
               (number + 1) * store::block_size);
  };
  read_block(0);
  read_block(1);
  fetches.wait(0);
  for (std::uint64_t number = 2; fetches == 1; ++number) read_block(number);
  EXPECT_GE(fetches, 2);
}

}  // namespace
}  // namespace leakfs::content
