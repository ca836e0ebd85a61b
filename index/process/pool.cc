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
struct OrderMessage {
  std::uint64_t offset = 0;  // of the input in the shared memory
  std::uint64_t length = 0;
  std::uint8_t kind = 0;
};

}  // namespace

void Pool::serve(Channel& channel, const Outputs& outputs, const Job::Work& work) const {
  OrderMessage order;
  std::size_t turn = 0;
  if (!channel.send(readiness)) return;
  while (channel.receive(reinterpret_cast<char*>(&order), sizeof order) == sizeof order) {
    OutputRegion& output = *outputs[turn];
    turn = (turn + 1) % orders_max;
    output.clear();
    work(order.kind, inputs_.bytes(order.offset, order.length), output);
    if (!channel.send(readiness)) return;
  }
}

Result<Pool> Pool::start(SharedMemory& inputs, Job& job, const PoolOptions& options) {
  Pool pool(inputs, job, options);
  for (unsigned i = 0; i < options.workers; ++i) {
    Outputs outputs;
    for (auto& output : outputs) {
      output = std::make_unique<OutputRegion>(TRY(OutputRegion::create()));
    }
    Child child = TRY(pool.start_worker(outputs));
    pool.workers_.push_back({.child = std::move(child), .outputs = std::move(outputs)});
  }
  return pool;
}

Result<Child> Pool::start_worker(const Outputs& outputs) {
  const sandbox::Needs needs = {.memory_max = sandbox::memory_in_use() + options_.memory_max};
  return Child::start(
      [&](Channel& channel) {
        inputs_.make_read_only();
        // A worker that went mad lies about its own items only.
        for (Worker& other : workers_) {
          if (&other.outputs != &outputs) other.outputs = {};
        }
        const Job::Work work = job_.make_work();
        sandbox::confine(needs);
        serve(channel, outputs, work);
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

// The oldest item that no worker has.
std::optional<std::uint64_t> Pool::next_waiting() {
  waiting_ = std::max(waiting_, taken_);
  while (waiting_ - taken_ < items_.size() && !item(waiting_).is_waiting) ++waiting_;
  if (waiting_ - taken_ == items_.size()) return std::nullopt;
  return waiting_;
}

// Idle workers come first.
void Pool::hand_out() {
  for (std::size_t orders = 0; orders < orders_max; ++orders) {
    for (Worker& worker : workers_) {
      if (!worker.is_ready || worker.orders.size() != orders) continue;
      const std::optional<std::uint64_t> number = next_waiting();
      if (!number) return;
      give(worker, *number);
    }
  }
}

void Pool::give(Worker& worker, std::uint64_t number) {
  Item& next = item(number);
  next.is_waiting = false;
  worker.orders.push_back({.item = number, .from = next.done});
  if (worker.orders.size() == 1) begin_first(worker);
  const OrderMessage order = {.offset = next.task.offset + next.done,
                              .length = next.task.length - next.done,
                              .kind = next.task.kind};
  // A worker that is gone is heard of by the end of its channel.
  static_cast<void>(
      worker.child.channel().send({reinterpret_cast<const char*>(&order), sizeof order}));
}

void Pool::begin_first(Worker& worker) {
  worker.seen = {};
  worker.since = Clock::now();
  worker.cpu_then = worker.child.cpu_time();
}

Result<void> Pool::wait(int other) {
  hand_out();
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
  hand_out();
  return {};
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
  if (*length == 0 || worker.orders.empty()) return end(worker, Death::crash);
  take_first(worker);
  const Item& now = item(worker.orders.front().item);
  if (now.done < now.task.length) return end(worker, Death::crash);
  worker.orders.pop_front();
  worker.turn = (worker.turn + 1) % orders_max;
  if (!worker.orders.empty()) begin_first(worker);
  return {};
}

// What the worker has done of its first order so far, as far as it can be true.
void Pool::take_first(Worker& worker) {
  Item& now = item(worker.orders.front().item);
  OutputRegion& output = *worker.outputs[worker.turn];
  const Done done = output.done();
  // A copy first: a worker could change what is looked at.
  ByteString outcome = output.outcome(done.output);
  const Done sound = job_.sound_part(now.task.kind, input_of(now).substr(0, done.input), outcome);
  outcome.resize(sound.output);
  if (now.outcome.empty()) {
    now.outcome = std::move(outcome);  // as a rule it is all of it
  } else {
    now.outcome += outcome;
  }
  now.done += sound.input;
  output.clear();
  output.trim(done.output);
}

// The worker died or has to. Another does what it had still to do.
Result<void> Pool::end(Worker& worker, Death death) {
  worker.child.kill();
  worker.child.wait();
  if (!worker.orders.empty()) {
    // What a dead worker committed is good.
    take_first(worker);
    TRY(blame(worker.orders.front(), death));
  }
  for (const Order& order : worker.orders) wait_again(order.item);
  worker.orders.clear();
  for (const auto& output : worker.outputs) {
    output->clear();
    output->trim(OutputRegion::capacity);  // of what was not committed
  }
  worker.child = TRY(start_worker(worker.outputs));
  worker.is_ready = false;
  worker.turn = 0;
  return {};
}

// A worker died at what comes next of that item.
Result<void> Pool::blame(const Order& order, Death death) {
  Item& now = item(order.item);
  if (now.done == now.task.length) return {};  // behind its end
  // Time is not spent twice.
  const bool is_hopeless = death == Death::time || (now.was_fatal && now.done == order.from);
  now.was_fatal = true;
  if (!is_hopeless) return {};
  Job::Substitute substitute = TRY(job_.give_up(now.task.kind, input_of(now), death));
  now.outcome += substitute.outcome;
  now.done += std::min(substitute.input_length, now.task.length - now.done);
  now.was_fatal = false;
  return {};
}

void Pool::wait_again(std::uint64_t number) {
  if (item(number).done == item(number).task.length) return;
  item(number).is_waiting = true;
  waiting_ = std::min(waiting_, number);
}

Result<void> Pool::look_after_time() {
  looked_ = Clock::now();
  for (Worker& worker : workers_) {
    if (worker.orders.empty()) continue;
    const Done done = worker.outputs[worker.turn]->done();
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
