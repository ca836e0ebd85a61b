// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/pipeline.h"

#include <utility>

namespace leakfs::build {
namespace {
constexpr std::size_t bytes_under_way_max = 128 << 20;
constexpr std::size_t tasks_per_thread_max = 64;
}  // namespace

Pipeline::Pipeline(unsigned jobs, const std::function<Work()>& make_work) {
  for (unsigned i = 0; i < jobs; ++i) {
    threads_.emplace_back([this, make_work] { run(make_work); });
  }
}

Pipeline::~Pipeline() {
  stop();
  for (std::thread& thread : threads_) thread.join();
}

bool Pipeline::submit(Task task) {
  std::unique_lock lock(mutex_);
  const std::size_t cost = task.bytes.size();
  changed_.wait(lock, [&] {
    return is_stopped_ || cost_.empty() ||
           (bytes_under_way_ + cost <= bytes_under_way_max &&
            cost_.size() < tasks_per_thread_max * threads_.size());
  });
  if (is_stopped_) return false;
  task.sequence = submitted_++;
  cost_[task.sequence] = cost;
  bytes_under_way_ += cost;
  waiting_.push_back(std::move(task));
  changed_.notify_all();
  return true;
}

void Pipeline::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  changed_.notify_all();
}

void Pipeline::stop() {
  const std::lock_guard lock(mutex_);
  is_stopped_ = true;
  changed_.notify_all();
}

std::optional<Task> Pipeline::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] {
    return is_stopped_ || done_.contains(taken_) || (is_closed_ && taken_ == submitted_);
  });
  if (is_stopped_ || !done_.contains(taken_)) return std::nullopt;
  auto node = done_.extract(taken_);
  bytes_under_way_ -= cost_.extract(taken_).mapped();
  ++taken_;
  changed_.notify_all();
  return std::move(node.mapped());
}

void Pipeline::run(const std::function<Work()>& make_work) {
  const Work work = make_work();
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_stopped_ || is_closed_ || !waiting_.empty(); });
    if (is_stopped_ || waiting_.empty()) return;
    Task task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work(task);
    lock.lock();
    const std::uint64_t sequence = task.sequence;
    done_.emplace(sequence, std::move(task));
    changed_.notify_all();
  }
}

}  // namespace leakfs::build
