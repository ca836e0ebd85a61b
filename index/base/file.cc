// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/base/file.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace leakfs {

File::File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<File> File::open(const std::string& path) {
  // Without O_NONBLOCK a fifo would wait for its writer, here and for ever.
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file.is_open()) {
    const int number = errno;
    return input_error(number, path, number == EACCES ? "you may not read it" : "check its name");
  }
  const struct stat status = TRY_WITHIN(path, file.status());
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
    return input_error(path + ": is neither a file nor a directory", "save it as a file first");
  }
  return file;
}

Result<File> File::create(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return output_error(errno, path);
  return File(descriptor);
}

Result<File> File::temporary_beside(const std::string& path) {
  std::string name = path + ".XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return output_error(errno, path);
  ::unlink(name.c_str());
  return File(descriptor);
}

Result<struct stat> File::status() const {
  struct stat status = {};
  if (::fstat(descriptor_, &status) != 0) return input_error(errno, "fstat");
  return status;
}

Result<std::uint64_t> File::size() const {
  const struct stat file_status = TRY(status());
  return static_cast<std::uint64_t>(file_status.st_size);
}

Result<ByteString> File::read(std::uint64_t offset, std::size_t length) const {
  ByteString buffer(length, '\0');
  const std::size_t count = TRY(read_some(offset, buffer.data(), length));
  if (count != length) return input_error("the file ends too early");
  return buffer;
}

Result<std::size_t> File::read_some(std::uint64_t offset, char* buffer, std::size_t length) const {
  std::size_t done = 0;
  while (done < length) {
    const ssize_t count =
        ::pread(descriptor_, buffer + done, length - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return input_error(errno, "read");
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

Result<void> File::write(std::uint64_t offset, Bytes bytes) const {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return output_error(errno, "write");
    offset += static_cast<std::uint64_t>(count);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> File::truncate(std::uint64_t length) const {
  if (::ftruncate(descriptor_, static_cast<off_t>(length)) != 0) {
    return output_error(errno, "truncate");
  }
  return {};
}

Result<void> File::sync() const {
  if (::fsync(descriptor_) != 0) return output_error(errno, "fsync");
  return {};
}

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), length_(std::exchange(other.length_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(length_, other.length_);
  return *this;
}

Mapping::~Mapping() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), length_);
}

Result<Mapping> Mapping::of(const File& file, std::uint64_t length) {
  Mapping mapping;
  if (length == 0) return mapping;
  void* data = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, file.descriptor(), 0);
  if (data == MAP_FAILED) return input_error(errno, "mmap");
  mapping.data_ = static_cast<const char*>(data);
  mapping.length_ = length;
  return mapping;
}

Result<void> sync_directory_of(const std::string& path) {
  const std::string directory = directory_of(path);
  const File handle(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.is_open()) return output_error(errno, directory);
  return handle.sync();
}

std::string file_name_of(const std::string& path) {
  std::size_t end = path.find_last_not_of('/');
  if (end == std::string::npos) return "/";
  const std::size_t slash = path.rfind('/', end);
  const std::size_t start = slash == std::string::npos ? 0 : slash + 1;
  return path.substr(start, end + 1 - start);
}

std::string directory_of(const std::string& path) {
  const std::size_t end = path.find_last_not_of('/');
  const std::size_t slash = end == std::string::npos ? end : path.rfind('/', end);
  if (slash == std::string::npos) return end == std::string::npos ? "/" : ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace leakfs
