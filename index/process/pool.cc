// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/process/pool.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <poll.h>

#include "index/sandbox/sandbox.h"

namespace leakfs::process {
namespace {

constexpr std::chrono::milliseconds look_interval(1000);

// What a worker says when it is ready for a task.
constexpr Bytes readiness = "r";

// What goes to a worker.
struct Order {
  std::uint64_t offset = 0;  // of the input in the shared memory
  std::uint64_t length = 0;
  std::uint8_t kind = 0;
};

void serve(Channel& channel, SharedMemory& inputs, OutputRegion& output, const Job::Work& work) {
  Order order;
  if (!channel.send(readiness)) return;
  while (channel.receive(reinterpret_cast<char*>(&order), sizeof order) == sizeof order) {
    output.clear();
    work(order.kind, inputs.bytes(order.offset, order.length), output);
    if (!channel.send(readiness)) return;
  }
}

}  // namespace

Result<Pool> Pool::start(SharedMemory& inputs, Job& job, const PoolOptions& options) {
  Pool pool(inputs, job, options);
  for (unsigned i = 0; i < options.workers; ++i) {
    auto output = std::make_unique<OutputRegion>(TRY(OutputRegion::create()));
    Child child = TRY(pool.start_worker(*output));
    pool.workers_.push_back({.child = std::move(child), .output = std::move(output)});
  }
  return pool;
}

Result<Child> Pool::start_worker(OutputRegion& output) {
  const sandbox::Needs needs = {.memory_max = sandbox::memory_in_use() + options_.memory_max};
  return Child::start(
      [&](Channel& channel) {
        inputs_.make_read_only();
        const Job::Work work = job_.make_work();
        sandbox::confine(needs);
        serve(channel, inputs_, output, work);
      },
      {});
}

// An empty task is done as it comes.
void Pool::submit(const Task& task) {
  items_.push_back({.task = task, .is_waiting = task.length > 0});
}

std::optional<ByteString> Pool::next() {
  if (items_.empty() || items_.front().done < items_.front().task.length) return std::nullopt;
  ByteString outcome = std::move(items_.front().outcome);
  items_.pop_front();
  ++taken_;
  return outcome;
}

Bytes Pool::input_of(const Item& item) const {
  return inputs_.bytes(item.task.offset + item.done, item.task.length - item.done);
}

// Each idle worker gets the oldest item that waits.
Result<void> Pool::hand_out() {
  for (Worker& worker : workers_) {
    if (!worker.is_ready || worker.item) continue;
    waiting_ = std::max(waiting_, taken_);
    while (waiting_ - taken_ < items_.size() && !item(waiting_).is_waiting) ++waiting_;
    if (waiting_ - taken_ == items_.size()) return {};
    Item& next = item(waiting_);
    next.is_waiting = false;
    worker.item = waiting_;
    worker.from = next.done;
    worker.output->clear();
    worker.seen = {};
    worker.since = Clock::now();
    worker.cpu_then = worker.child.cpu_time();
    const Order order = {.offset = next.task.offset + next.done,
                         .length = next.task.length - next.done,
                         .kind = next.task.kind};
    // A worker that is gone is heard of by the end of its channel.
    static_cast<void>(
        worker.child.channel().send({reinterpret_cast<const char*>(&order), sizeof order}));
  }
  return {};
}

Result<void> Pool::wait(int other) {
  TRY(hand_out());
  std::vector<pollfd> polled;
  for (Worker& worker : workers_) {
    polled.push_back({.fd = worker.child.channel().descriptor(), .events = POLLIN});
  }
  polled.push_back({.fd = other, .events = POLLIN});
  const int ready = ::poll(polled.data(), polled.size(), static_cast<int>(look_interval.count()));
  if (ready < 0 && errno != EINTR) return output_error(errno, "waiting for other processes");
  for (std::size_t i = 0; ready > 0 && i < workers_.size(); ++i) {
    if (polled[i].revents != 0) TRY(hear(workers_[i]));
  }
  if (Clock::now() - looked_ >= look_interval) TRY(look_after_time());
  return hand_out();
}

Result<void> Pool::hear(Worker& worker) {
  char word = 0;
  const std::optional<std::size_t> length = worker.child.channel().receive_now(&word, 1);
  if (!length) return {};
  if (!worker.is_ready) {
    if (*length == 0) return internal_error("a process ended as it began");
    worker.is_ready = true;
    return {};
  }
  if (*length == 0 || !worker.item) return end(worker, Death::crash);
  Item& now = item(*worker.item);
  take(worker, now);
  if (now.done < now.task.length) return end(worker, Death::crash);
  worker.item.reset();
  return {};
}

// What the worker has done so far, as far as it can be true.
void Pool::take(Worker& worker, Item& item) {
  const Done done = worker.output->done();
  // A copy first: a worker could change what is looked at.
  ByteString outcome = worker.output->outcome(done.output);
  const Done sound = job_.sound_part(item.task.kind, input_of(item).substr(0, done.input), outcome);
  outcome.resize(sound.output);
  if (item.outcome.empty()) {
    item.outcome = std::move(outcome);  // as a rule it is all of it
  } else {
    item.outcome += outcome;
  }
  item.done += sound.input;
  worker.output->clear();
  worker.output->trim(done.output);
}

// The worker died or has to. Its task goes on with the next.
Result<void> Pool::end(Worker& worker, Death death) {
  worker.child.kill();
  worker.child.wait();
  const std::optional<std::uint64_t> number = std::exchange(worker.item, std::nullopt);
  if (number) {
    Item& now = item(*number);
    // What a dead worker committed is good.
    take(worker, now);
    // Time is not spent twice.
    const bool is_hopeless = death == Death::time || (now.was_fatal && now.done == worker.from);
    now.was_fatal = true;
    if (is_hopeless) {
      Job::Substitute substitute = TRY(job_.give_up(now.task.kind, input_of(now), death));
      now.outcome += substitute.outcome;
      now.done += std::min(substitute.input_length, now.task.length - now.done);
      now.was_fatal = false;
    }
    if (now.done < now.task.length) {
      now.is_waiting = true;
      waiting_ = std::min(waiting_, *number);
    }
  }
  worker.output->clear();
  worker.output->trim(OutputRegion::capacity);  // of what was not committed
  worker.child = TRY(start_worker(*worker.output));
  worker.is_ready = false;
  return {};
}

Result<void> Pool::look_after_time() {
  looked_ = Clock::now();
  for (Worker& worker : workers_) {
    if (!worker.item) continue;
    const Done done = worker.output->done();
    const std::chrono::nanoseconds cpu = worker.child.cpu_time();
    if (done != worker.seen) {
      worker.seen = done;
      worker.since = looked_;
      worker.cpu_then = cpu;
    } else if (cpu - worker.cpu_then >= options_.cpu_time_max ||
               looked_ - worker.since >= options_.wall_time_max) {
      TRY(end(worker, Death::time));
    }
  }
  return {};
}

}  // namespace leakfs::process
