// SPDX-License-Identifier: GPL-3.0-or-later
// Sees that a stream is read from front to back, and has its next blocks decoded meanwhile.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

#include "fs/content/window.h"
#include "index/base/ids.h"

namespace leakfs::content {

// Safe from several threads. Its own thread starts when it is first needed.
class BlockAhead {
 public:
  // Has to bring what lies at `offset` of the stream to where a reader finds it. False if it
  // cannot be read, which is for that reader to tell, as are exceptions.
  using Fetch = std::function<bool(StreamId stream, std::uint64_t offset)>;

  explicit BlockAhead(Fetch fetch) : fetch_(std::move(fetch)) {}
  // Waits for the fetch that is under way.
  ~BlockAhead();
  BlockAhead(const BlockAhead&) = delete;
  BlockAhead& operator=(const BlockAhead&) = delete;

  // The window was read; the block behind the last one that it touches begins at `next`.
  void note(StreamId stream, Window window, std::uint64_t next);

 private:
  // A reader that goes forward.
  struct Front {
    StreamId stream;
    std::uint64_t offset = 0;   // behind what it read last
    std::uint64_t noted = 0;    // the block behind that
    std::uint64_t fetched = 0;  // where the last block lies that was asked for
    std::uint64_t depth = 1;    // blocks; doubles as it goes on
  };

  Front* front_of(StreamId stream, Window window);
  bool is_fetched(StreamId stream, std::uint64_t offset) const;
  void run();

  const Fetch fetch_;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::list<Front> fronts_;  // most recently seen first
  std::deque<std::pair<StreamId, std::uint64_t>> wanted_;
  bool is_stopped_ = false;
  std::thread thread_;
};

}  // namespace leakfs::content
