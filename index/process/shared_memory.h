// SPDX-License-Identifier: GPL-3.0-or-later
// Memory that a process shares with the children that it starts later.
#pragma once

#include <cstddef>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/base/file.h"

namespace leakfs::process {

// Zeros at first. Takes room only where it was written.
class SharedMemory {
 public:
  // `size` in bytes, a multiple of the page size.
  static Result<SharedMemory> create(std::size_t size);
  // One that children can make read-only for themselves. Opens a file: not for a process that is
  // confined already.
  static Result<SharedMemory> create_for_readers(std::size_t size);
  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&&) = delete;
  ~SharedMemory();

  // Null once it is read-only.
  char* data() { return data_; }
  Bytes bytes(std::size_t offset, std::size_t length) const {
    return {(data_ == nullptr ? view_ : data_) + offset, length};
  }
  std::size_t size() const { return size_; }

  // Gives back the room of a range, which becomes zeros.
  void discard(std::size_t offset, std::size_t length);

  // In a child, of what was created for readers: from now on it can read this and never write it,
  // whatever becomes of the child.
  void make_read_only();

 private:
  SharedMemory() = default;

  File file_;
  char* data_ = nullptr;
  const char* view_ = nullptr;  // the same, of a descriptor for reading: mprotect() cannot widen it
  std::size_t size_ = 0;
};

}  // namespace leakfs::process
