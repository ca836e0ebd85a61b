// SPDX-License-Identifier: GPL-3.0-or-later
// The process that reads the archives: libarchive, the decoders and the splitting of mboxes, with
// nothing but the inputs open. If it dies, the archive it was at ends there.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "index/archive/walk.h"
#include "index/base/error.h"
#include "index/build/batch.h"
#include "index/build/slots.h"
#include "index/process/child.h"
#include "index/process/shared_memory.h"

namespace leakfs::build {

// A task that the reader put into a slot.
struct Delivery {
  TaskHead head;
  std::uint32_t slot = 0;
  std::uint64_t length = 0;
};

class Reader {
 public:
  // Where a walk starts.
  struct Start {
    std::size_t input = 0;
    std::uint32_t stream = 0;
    std::uint32_t member = 0;
  };

  // `walk` and `slots` outlive the reader.
  static Result<Reader> create(const archive::Walk& walk, Slots& slots);
  // Starts the process; once more if it died.
  Result<void> start(const Start& start);

  // To wait for until receive() has something; -1 once there is nothing more to come.
  int descriptor() { return has_ended_ ? -1 : child_->channel().descriptor(); }
  // What was delivered, if anything was; see has_ended().
  std::optional<Delivery> receive();
  // The slot may be filled again.
  void release(std::uint32_t slot);

  // It sent all and is gone, or died.
  bool has_ended() const { return has_ended_; }
  bool has_died() const { return has_died_; }
  // It takes too long without reading on, or delivered nonsense.
  void kill();
  // Whether it has worked on the same bytes for longer than it may. To be asked now and then.
  bool is_stuck();

  // Bytes of the inputs that were read, and those of them whose messages were delivered.
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_delivered() const;

 private:
  Reader(const archive::Walk& walk, Slots& slots, process::SharedMemory board)
      : walk_(walk), slots_(slots), board_(std::move(board)) {}

  const archive::Walk& walk_;
  Slots& slots_;
  process::SharedMemory board_;  // holds the counts of bytes
  std::optional<process::Child> child_;
  std::set<std::uint32_t> taken_;
  bool has_ended_ = false;
  bool has_died_ = false;
  // The last look at how far it is.
  std::uint64_t seen_bytes_ = 0;
  std::chrono::nanoseconds seen_cpu_{};
};

}  // namespace leakfs::build
