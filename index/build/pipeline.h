// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks go in at one thread, through a pool, and come out in order at another. Memory is bounded by
// the bytes under way. What a task does is not known here.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "index/build/batch.h"

namespace leakfs::build {

class Pipeline {
 public:
  using Work = std::function<void(Task&)>;

  // `make_work` is called once per thread, on that thread.
  Pipeline(unsigned jobs, const std::function<Work()>& make_work);
  // Ends the threads; tasks under way are dropped.
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Waits while too many bytes are under way; a larger task waits until it is alone. False once
  // stopped: the task was dropped.
  bool submit(Task task);
  // No more tasks come.
  void close();
  // Drops everything and wakes everybody.
  void stop();

  // The outcome of the next task in order; absent after the last one, or once stopped.
  std::optional<Task> next();

 private:
  void run(const std::function<Work()>& make_work);

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::deque<Task> waiting_;
  std::map<std::uint64_t, Task> done_;
  std::uint64_t submitted_ = 0;
  std::uint64_t taken_ = 0;
  std::size_t bytes_under_way_ = 0;
  std::map<std::uint64_t, std::size_t> cost_;  // bytes of each task under way when it came
  bool is_closed_ = false;
  bool is_stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace leakfs::build
