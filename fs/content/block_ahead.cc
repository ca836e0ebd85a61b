// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/content/block_ahead.h"

#include <algorithm>

namespace leakfs::content {
namespace {

constexpr std::size_t fronts_max = 16;
constexpr std::size_t wanted_max = 4;
// What a reader of one message after the other leaves out: headers of members, and other members.
constexpr std::uint64_t gap_max = 64_KiB;

}  // namespace

BlockAhead::~BlockAhead() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void BlockAhead::note(StreamId stream, Window window, std::uint64_t next) {
  const std::lock_guard lock(mutex_);
  if (!is_reading_on(stream, window, next) || wanted_.size() >= wanted_max) return;
  wanted_.emplace_back(stream, next);
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_all();
}

// Whether `next` is worth fetching: once for each block that a reader comes to.
bool BlockAhead::is_reading_on(StreamId stream, Window window, std::uint64_t next) {
  const auto found = std::ranges::find_if(fronts_, [&](const Front& front) {
    return front.stream == stream && window.offset + gap_max >= front.offset &&
           window.offset <= front.offset + gap_max;
  });
  const std::uint64_t end = window.offset + window.length;
  if (found == fronts_.end()) {
    if (fronts_.size() >= fronts_max) fronts_.pop_back();
    fronts_.push_front({.stream = stream, .offset = end});
    return false;
  }
  fronts_.splice(fronts_.begin(), fronts_, found);
  Front& front = fronts_.front();
  front.offset = std::max(front.offset, end);
  if (front.fetched >= next) return false;
  front.fetched = next;
  return true;
}

void BlockAhead::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_stopped_ || !wanted_.empty(); });
    if (is_stopped_) return;
    const auto [stream, offset] = wanted_.front();
    wanted_.pop_front();
    lock.unlock();
    const bool is_there = fetch_(stream, offset);
    lock.lock();
    if (!is_there) wanted_.clear();
  }
}

}  // namespace leakfs::content
