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

// The file that tables are written to, locked. It may be one left by a process that died.
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
  UnfinishedFile temporary(temporary_of(output));
  if (::ftruncate(lock.descriptor(), 0) != 0 || ::fchmod(lock.descriptor(), 0600) != 0) {
    return output_error(errno, temporary_of(output));
  }
  TableWriter tables = TRY(TableWriter::create(temporary_of(output)));
  HeapWriter heap = TRY(HeapWriter::create(output));
  return IndexWriter(output, std::move(lock), std::move(temporary), std::move(tables),
                     std::move(heap));
}

IndexWriter::IndexWriter(std::string output, File lock, UnfinishedFile temporary,
                         TableWriter tables, HeapWriter heap)
    : output_(std::move(output)),
      lock_(std::move(lock)),
      temporary_(std::move(temporary)),
      tables_(std::move(tables)),
      heap_(std::move(heap)) {}

IndexWriter::IndexWriter(IndexWriter&& other) noexcept = default;
IndexWriter::~IndexWriter() = default;

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
  // A signal from here on leaves it to the next mkleakfs, rather than remove what has its name
  // then.
  temporary_.keep();
  if (::rename(temporary_of(output_).c_str(), output_.c_str()) != 0) {
    const int number = errno;
    ::unlink(temporary_of(output_).c_str());
    return output_error(number, output_);
  }
  return sync_directory_of(output_);
}

}  // namespace leakfs::store
