// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/content/block_ahead.h"

#include <algorithm>
#include <exception>

#include "index/store/heap.h"

namespace leakfs::content {
namespace {

constexpr std::size_t fronts_max = 16;
constexpr std::size_t wanted_max = 8;
constexpr std::uint64_t depth_max = 4;  // blocks that are fetched ahead of one reader
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
  Front* front = front_of(stream, window);
  if (front == nullptr || front->noted >= next) return;
  front->noted = next;
  front->depth = std::min(2 * front->depth, depth_max);
  for (std::uint64_t block = 0; block < front->depth; ++block) {
    const std::uint64_t offset = next + block * store::block_size;
    if (offset <= front->fetched || wanted_.size() >= wanted_max) continue;
    front->fetched = offset;
    wanted_.emplace_back(stream, offset);
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_all();
}

// The reader that goes on with that window; null if it is a new one.
BlockAhead::Front* BlockAhead::front_of(StreamId stream, Window window) {
  const auto found = std::ranges::find_if(fronts_, [&](const Front& front) {
    return front.stream == stream && window.offset + gap_max >= front.offset &&
           window.offset <= front.offset + gap_max;
  });
  const std::uint64_t end = window.offset + window.length;
  if (found == fronts_.end()) {
    if (fronts_.size() >= fronts_max) fronts_.pop_back();
    fronts_.push_front({.stream = stream, .offset = end});
    return nullptr;
  }
  fronts_.splice(fronts_.begin(), fronts_, found);
  Front& front = fronts_.front();
  front.offset = std::max(front.offset, end);
  return &front;
}

bool BlockAhead::is_fetched(StreamId stream, std::uint64_t offset) const {
  try {
    return fetch_(stream, offset);
  } catch (const std::exception&) {
    return false;  // memory lacked
  }
}

void BlockAhead::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_stopped_ || !wanted_.empty(); });
    if (is_stopped_) return;
    const auto [stream, offset] = wanted_.front();
    wanted_.pop_front();
    lock.unlock();
    const bool is_there = is_fetched(stream, offset);
    lock.lock();
    if (!is_there) wanted_.clear();
  }
}

}  // namespace leakfs::content
