// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/process/shared_memory.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace leakfs::process {

Result<SharedMemory> SharedMemory::create(std::size_t size) {
  SharedMemory memory;
  memory.file_ = File(::memfd_create("leakfs", MFD_CLOEXEC));
  if (!memory.file_.is_open()) return output_error(errno, "no memory to share");
  TRY_WITHIN("no memory to share", memory.file_.truncate(size));
  void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
                      memory.file_.descriptor(), 0);
  if (data == MAP_FAILED) return output_error(errno, "no memory to share");
  memory.data_ = static_cast<char*>(data);
  memory.size_ = size;
  return memory;
}

Result<SharedMemory> SharedMemory::create_for_readers(std::size_t size) {
  SharedMemory memory = TRY(create(size));
  const std::string path = "/proc/self/fd/" + std::to_string(memory.file_.descriptor());
  const File readable(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  void* view =
      ::mmap(nullptr, size, PROT_READ, MAP_SHARED | MAP_NORESERVE, readable.descriptor(), 0);
  if (view == MAP_FAILED) return output_error(errno, "no memory to share");
  memory.view_ = static_cast<const char*>(view);
  return memory;
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : file_(std::move(other.file_)),
      data_(std::exchange(other.data_, nullptr)),
      view_(std::exchange(other.view_, nullptr)),
      size_(other.size_) {}

SharedMemory::~SharedMemory() {
  if (data_ != nullptr) ::munmap(data_, size_);
  if (view_ != nullptr) ::munmap(const_cast<char*>(view_), size_);
}

void SharedMemory::discard(std::size_t offset, std::size_t length) {
  // Where it fails the room stays taken until the end, and the bytes are those that were there.
  static_cast<void>(::fallocate(file_.descriptor(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                                static_cast<off_t>(offset), static_cast<off_t>(length)));
}

void SharedMemory::make_read_only() { ::munmap(std::exchange(data_, nullptr), size_); }

}  // namespace leakfs::process
