// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/content/forward_decoders.h"

#include <algorithm>

namespace leakfs::content {
namespace {
constexpr std::size_t decoders_max = 64;
}

std::shared_ptr<ForwardDecoder> ForwardDecoders::at(StreamId stream, std::uint64_t begin) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(
      items_, [&](const Item& item) { return item.stream == stream && item.begin == begin; });
  if (found != items_.end()) {
    items_.splice(items_.begin(), items_, found);
  } else {
    if (items_.size() >= decoders_max) items_.pop_back();
    items_.push_front({.stream = stream,
                       .begin = begin,
                       .memory = 0,
                       .decoder = std::make_shared<ForwardDecoder>()});
  }
  return items_.front().decoder;
}

void ForwardDecoders::note_memory(const std::shared_ptr<ForwardDecoder>& decoder,
                                  std::size_t memory) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(items_, decoder, &Item::decoder);
  if (found == items_.end()) return;
  found->memory = memory;
  std::size_t sum = 0;
  for (const Item& item : items_) sum += item.memory;
  while (sum > memory_max_ && items_.size() > 1) {
    sum -= items_.back().memory;
    items_.pop_back();
  }
}

}  // namespace leakfs::content
