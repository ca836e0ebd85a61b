// SPDX-License-Identifier: GPL-3.0-or-later
// Where a worker puts the outcome of a task, in memory that its supervisor sees: what it committed
// counts even if it dies.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "index/base/bytes.h"
#include "index/process/shared_memory.h"

namespace leakfs::process {

// How far a task is.
struct Done {
  std::uint32_t input = 0;   // bytes of the task that are done
  std::uint32_t output = 0;  // bytes of outcome for them
  friend bool operator==(const Done&, const Done&) = default;
};

inline Done done(std::size_t input, std::size_t output) {
  return {.input = static_cast<std::uint32_t>(input), .output = static_cast<std::uint32_t>(output)};
}

// Shared by a worker, which writes, and its supervisor, which believes nothing of it.
class OutputRegion {
 public:
  // Bytes of outcome that there is room for: four for each byte of the largest task.
  static constexpr std::size_t capacity = 512_MiB;

  static Result<OutputRegion> create();

  // Before each task.
  void clear();
  // Of the task at work; may be anything if the worker went mad, but never beyond the region.
  Done done() const;
  ByteString outcome(std::size_t length) const { return ByteString(memory_.bytes(head, length)); }
  // Gives back the room of a large outcome, which was taken.
  void trim(std::size_t length);

  // For the worker. Throws std::length_error where there is no room.
  void append(Bytes bytes);
  // All that was appended is the outcome of the first `input` bytes of the task.
  void commit(std::size_t input);

 private:
  static constexpr std::size_t head = 4096;  // a page, for the counters

  explicit OutputRegion(SharedMemory memory) : memory_(std::move(memory)) {}
  std::atomic<std::uint64_t>& counters() const;

  mutable SharedMemory memory_;
  std::size_t length_ = 0;  // appended, in the worker
};

}  // namespace leakfs::process
