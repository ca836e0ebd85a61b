// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: threads for requests that take long. One thread receives all requests and
// answers those that are quick itself: it stays warm, where of several threads that wait for a
// request the kernel wakes the one that has slept longest.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace leakfs::fuse {

// Safe from several threads.
class Workers {
 public:
  // Throws std::system_error or std::bad_alloc if they cannot be started.
  explicit Workers(std::size_t count);
  // Runs what is queued, then ends.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Runs `task`, which may not throw, in one of the threads. Tasks start in the order of the calls.
  void run(std::function<void()> task);

 private:
  Workers() = default;
  void work();

  std::mutex mutex_;  // guards the queue and is_ending_
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool is_ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace leakfs::fuse
