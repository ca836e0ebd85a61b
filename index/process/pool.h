// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks go in and their outcomes come out in the same order; confined processes do them. One that
// dies or hangs costs what it was at, and is replaced: what it had done of its task counts, and the
// rest is tried once more from there. What a task is, is not known here.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/process/child.h"
#include "index/process/output.h"
#include "index/process/shared_memory.h"

namespace leakfs::process {

// Where the input of a task lies in the shared memory, and what is to be done with it.
struct Task {
  std::uint8_t kind = 0;
  std::size_t offset = 0;
  std::size_t length = 0;
};

enum class Death : std::uint8_t { crash, time };

// What a pool is for.
class Job {
 public:
  virtual ~Job() = default;

  // Appends the outcome, and commits it as often as a part of the input is done.
  using Work = std::function<void(std::uint8_t kind, Bytes input, OutputRegion& output)>;
  // In a worker, before it is confined.
  virtual Work make_work() = 0;
  // In the supervisor: how much of the input has an outcome in these bytes that can be one, and how
  // long that is. What comes behind is the work of a worker that went mad.
  virtual Done sound_part(std::uint8_t kind, Bytes input, Bytes outcome) = 0;
  // In the supervisor: what stands for the first item of that input, which killed its workers. An
  // Error ends all.
  struct Substitute {
    std::size_t input_length = 0;
    ByteString outcome;
  };
  virtual Result<Substitute> give_up(std::uint8_t kind, Bytes input, Death death) = 0;
};

struct PoolOptions {
  unsigned workers = 1;
  // For one item of a task; a worker that takes longer is killed.
  std::chrono::nanoseconds cpu_time_max = std::chrono::seconds(10);
  std::chrono::nanoseconds wall_time_max = std::chrono::seconds(60);
  // Bytes of memory that a worker may take for itself.
  std::uint64_t memory_max = 1_GiB;
};

// Used by one thread, in a process that has no other.
class Pool {
 public:
  // Starts the workers. `inputs` and `job` outlive the pool.
  static Result<Pool> start(SharedMemory& inputs, Job& job, const PoolOptions& options);

  // `task` stays where it is until its outcome is taken. Never waits.
  void submit(const Task& task);
  // The outcome of the oldest task, if it is done.
  std::optional<ByteString> next();
  // Tasks whose outcomes were not taken.
  std::size_t under_way() const { return items_.size(); }
  // Until a worker was heard of, `other` can be read (-1: there is none), or a second passed.
  Result<void> wait(int other = -1);

 private:
  using Clock = std::chrono::steady_clock;

  struct Item {
    Task task;
    std::size_t done = 0;  // bytes of the input
    ByteString outcome;
    bool is_waiting = true;  // for a worker
    bool was_fatal = false;  // what comes next killed a worker
  };

  // What a worker was told to do.
  struct Order {
    std::uint64_t item = 0;
    std::size_t from = 0;  // bytes of it that were done before
  };

  // A worker has its next order while the supervisor takes the outcome of the last, so it waits for
  // nobody; outcomes go to one region and the other in turn.
  static constexpr std::size_t orders_max = 2;

  using Outputs = std::array<std::unique_ptr<OutputRegion>, orders_max>;

  struct Worker {
    Child child;
    Outputs outputs;
    bool is_ready = false;
    std::deque<Order> orders;  // it is at the first
    std::size_t turn = 0;      // the region of the first
    // Since when it has been at one place of the first.
    Done seen;
    Clock::time_point since;
    std::chrono::nanoseconds cpu_then{};
  };

  Pool(SharedMemory& inputs, Job& job, const PoolOptions& options)
      : inputs_(inputs), job_(job), options_(options) {}

  Result<Child> start_worker(const Outputs& outputs);
  void serve(Channel& channel, const Outputs& outputs, const Job::Work& work) const;
  Item& item(std::uint64_t number) { return items_[number - taken_]; }
  Bytes input_of(const Item& item) const;
  std::optional<std::uint64_t> next_waiting();
  void hand_out();
  void give(Worker& worker, std::uint64_t number);
  static void begin_first(Worker& worker);
  Result<void> hear(Worker& worker);
  Result<void> end(Worker& worker, Death death);
  Result<void> blame(const Order& order, Death death);
  void wait_again(std::uint64_t number);
  void take_first(Worker& worker);
  Result<void> look_after_time();

  SharedMemory& inputs_;
  Job& job_;
  PoolOptions options_;
  std::vector<Worker> workers_;
  std::deque<Item> items_;     // in the order in which they came
  std::uint64_t taken_ = 0;    // number of the first of them
  std::uint64_t waiting_ = 0;  // no item before this one waits
  Clock::time_point looked_;   // after the time that workers take
};

}  // namespace leakfs::process
