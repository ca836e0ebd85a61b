// SPDX-License-Identifier: GPL-3.0-or-later
// Places in shared memory for what passes between the processes of a build.
#pragma once

#include <cstdint>
#include <set>

#include "index/base/error.h"
#include "index/build/batch.h"
#include "index/mail/mime.h"
#include "index/process/pool.h"
#include "index/process/shared_memory.h"

namespace leakfs::build {

// All of the shared memory; which slot is taken is for its user to know.
class Slots {
 public:
  // Bytes: a batch, the largest message behind it, and its heads.
  static constexpr std::size_t slot_size = 66_MiB;
  static_assert(slot_size > batch_size + mail::message_size_max + 64_KiB);

  // As many as keep so many workers busy while the oldest outcome is waited for.
  static Result<Slots> create(unsigned workers);

  std::uint32_t count() const { return count_; }
  process::SharedMemory& memory() { return memory_; }
  // Puts bytes into a slot; an Error if they are too many.
  Result<void> put(std::uint32_t slot, Bytes bytes);
  Bytes bytes(std::uint32_t slot, std::size_t length) const {
    return memory_.bytes(slot * slot_size, length);
  }
  process::Task task(std::uint32_t slot, TaskKind kind, std::size_t length) const;
  // Gives back the room that a large message took.
  void trim(std::uint32_t slot, std::size_t length);

 private:
  Slots(process::SharedMemory memory, std::uint32_t count)
      : memory_(std::move(memory)), count_(count) {}

  process::SharedMemory memory_;
  std::uint32_t count_;
};

// The slots that one process may fill, the lowest first, so that few are ever touched.
class FreeSlots {
 public:
  explicit FreeSlots(std::uint32_t count);

  bool empty() const { return free_.empty(); }
  std::uint32_t take() { return free_.extract(free_.begin()).value(); }
  void give_back(std::uint32_t slot) { free_.insert(slot); }

 private:
  std::set<std::uint32_t> free_;
};

}  // namespace leakfs::build
