// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/writer.h"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "index/base/checksum.h"
#include "index/store/seal.h"
#include "index/store/snapshot.h"

namespace leakfs::store {
namespace {

std::string temporary_of(const std::string& output) { return output + ".tmp"; }

// The file that tables are written to, locked. One left by a process that died is emptied.
Result<File> lock_temporary(const std::string& output) {
  const std::string path = temporary_of(output);
  File file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) {
    return output_error(errno, path, "choose another place with --output");
  }
  if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    return output_error(output + ": another mkleakfs is writing it", "wait for it to end");
  }
  // The one that held the lock may have renamed the file meanwhile.
  struct stat ours = {};
  struct stat named = {};
  if (::fstat(file.descriptor(), &ours) != 0 || ::stat(path.c_str(), &named) != 0 ||
      ours.st_ino != named.st_ino) {
    return output_error(output + ": another mkleakfs has just written it", "try again");
  }
  if (::ftruncate(file.descriptor(), 0) != 0 || ::fchmod(file.descriptor(), 0600) != 0) {
    return output_error(errno, path);
  }
  return file;
}

}  // namespace

Result<IndexWriter> IndexWriter::create(const std::string& output, bool replace) {
  struct stat status = {};
  if (::stat(output.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode)) {
      return output_error(output + ": is no regular file", "choose another --output");
    }
    if (!replace) {
      return output_error(output + ": exists",
                          "replace it with --force or choose another --output");
    }
    // A slip of the hand must not cost the leak itself. An empty file holds nothing to lose.
    if (status.st_size > 0 && !TRY(is_index(output))) {
      return output_error(output + ": exists and is no index, so it is not replaced",
                          "choose another --output or remove it yourself");
    }
  }
  File lock = TRY(lock_temporary(output));
  Result<TableWriter> tables = TableWriter::create(temporary_of(output));
  Result<HeapWriter> heap = HeapWriter::create(output);
  if (!tables || !heap) {
    ::unlink(temporary_of(output).c_str());
    return std::unexpected(tables ? std::move(heap).error() : std::move(tables).error());
  }
  return IndexWriter(output, std::move(lock), std::move(*tables), std::move(*heap));
}

IndexWriter::IndexWriter(std::string output, File lock, TableWriter tables, HeapWriter heap)
    : output_(std::move(output)),
      lock_(std::move(lock)),
      tables_(std::move(tables)),
      heap_(std::move(heap)) {}

IndexWriter::IndexWriter(IndexWriter&& other) noexcept
    : output_(std::move(other.output_)),
      lock_(std::move(other.lock_)),
      tables_(std::move(other.tables_)),
      heap_(std::move(other.heap_)),
      is_unfinished_(std::exchange(other.is_unfinished_, false)) {}

IndexWriter::~IndexWriter() {
  if (is_unfinished_) ::unlink(temporary_of(output_).c_str());
}

Result<void> IndexWriter::finish(const std::string& program) {
  Seal seal;
  seal.program = program;
  seal.tables_length = TRY(tables_.finish());
  // LMDB may have written pages beyond the last one in use.
  if (::ftruncate(lock_.descriptor(), static_cast<off_t>(seal.tables_length)) != 0) {
    return output_error(errno, output_);
  }
  seal.tables_checksum = TRY_WITHIN(output_, checksum(lock_, seal.tables_length));
  seal.heap_length = TRY_WITHIN(output_, heap_.copy_to(lock_, seal.tables_length));
  TRY_WITHIN(output_, lock_.write(seal.tables_length + seal.heap_length, encode_seal(seal)));
  TRY_WITHIN(output_, lock_.sync());
  if (::rename(temporary_of(output_).c_str(), output_.c_str()) != 0) {
    return output_error(errno, output_);
  }
  is_unfinished_ = false;
  return sync_directory_of(output_);
}

}  // namespace leakfs::store
