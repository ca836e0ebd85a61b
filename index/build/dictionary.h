// SPDX-License-Identifier: GPL-3.0-or-later
// The dictionary of texts: trained by one process while others are at work already.
#pragma once

#include <optional>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/process/shared_memory.h"

namespace leakfs::build {

constexpr int text_level = 3;  // zstd; of the texts and so of their dictionary

class SharedDictionary {
 public:
  static Result<SharedDictionary> create();

  // Once; an empty one says that there is to be none.
  void publish(Bytes dictionary);
  // Absent before.
  std::optional<Bytes> get() const;

  // In a process that must not change it.
  void make_read_only() { memory_.make_read_only(); }

 private:
  explicit SharedDictionary(process::SharedMemory memory) : memory_(std::move(memory)) {}

  process::SharedMemory memory_;
};

}  // namespace leakfs::build
