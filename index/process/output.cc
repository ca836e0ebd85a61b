// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/process/output.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace leakfs::process {
namespace {
constexpr std::size_t kept_size = 4_MiB;  // of the room of an outcome
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
}  // namespace

Result<OutputRegion> OutputRegion::create() {
  return OutputRegion(TRY(SharedMemory::create(head + capacity)));
}

// Both numbers in one, so that none is ever seen without the other.
std::atomic<std::uint64_t>& OutputRegion::counters() const {
  return *reinterpret_cast<std::atomic<std::uint64_t>*>(memory_.data());
}

void OutputRegion::clear() {
  counters().store(0, std::memory_order_release);
  length_ = 0;
}

Done OutputRegion::done() const {
  const std::uint64_t both = counters().load(std::memory_order_acquire);
  return {
      .input = static_cast<std::uint32_t>(both >> 32),
      .output = static_cast<std::uint32_t>(std::min<std::uint64_t>(both & UINT32_MAX, capacity))};
}

void OutputRegion::trim(std::size_t length) {
  if (length > kept_size) memory_.discard(head + kept_size, length - kept_size);
}

void OutputRegion::append(Bytes bytes) {
  if (bytes.size() > capacity - length_) throw std::length_error("an outcome is too large");
  std::memcpy(memory_.data() + head + length_, bytes.data(), bytes.size());
  length_ += bytes.size();
}

void OutputRegion::commit(std::size_t input) {
  counters().store(static_cast<std::uint64_t>(input) << 32 | length_, std::memory_order_release);
}

}  // namespace leakfs::process
