// SPDX-License-Identifier: GPL-3.0-or-later
// POSIX files: descriptors that close themselves and reads and writes that are whole.
#pragma once

#include <cstdint>
#include <string>

#include <sys/stat.h>

#include "index/base/bytes.h"
#include "index/base/error.h"

namespace leakfs {

// Owns a file descriptor. Reading (pread) is safe from several threads.
class File {
 public:
  File() = default;
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  // Opens a regular file or a directory for reading, close-on-exec; nothing else can be read at an
  // offset.
  static Result<File> open(const std::string& path);
  // Creates for reading and writing, mode 0600; fails where `path` exists.
  static Result<File> create(const std::string& path);
  // A file without a name in the directory of `path`, for data that must not outlive the process.
  static Result<File> temporary_beside(const std::string& path);

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

  Result<struct stat> status() const;
  Result<std::uint64_t> size() const;

  // Exactly `length` bytes from `offset`; an end of file before them is an error.
  Result<ByteString> read(std::uint64_t offset, std::size_t length) const;
  // Up to `length` bytes into `buffer`; fewer only at the end of the file. The number of bytes.
  Result<std::size_t> read_some(std::uint64_t offset, char* buffer, std::size_t length) const;

  // Writes all of `bytes` at `offset`.
  Result<void> write(std::uint64_t offset, Bytes bytes) const;
  // Makes the file that long, in bytes.
  Result<void> truncate(std::uint64_t length) const;
  // fsync
  Result<void> sync() const;

 private:
  int descriptor_ = -1;
};

// A whole file mapped read-only. The bytes are valid while it lives; a file cut short meanwhile
// raises SIGBUS.
class Mapping {
 public:
  Mapping() = default;
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  static Result<Mapping> of(const File& file, std::uint64_t length);

  Bytes bytes() const { return {data_, length_}; }

 private:
  const char* data_ = nullptr;
  std::size_t length_ = 0;
};

// fsync of the directory that holds `path`, so that a rename in it survives a crash.
Result<void> sync_directory_of(const std::string& path);

// "mail.tar.gz" of "/leaks/mail.tar.gz"; "/leaks" or "." for its directory.
std::string file_name_of(const std::string& path);
std::string directory_of(const std::string& path);

}  // namespace leakfs
