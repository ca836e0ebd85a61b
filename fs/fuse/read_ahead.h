// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: which files will be read next, by what is read and listed now. Nothing
// is known here of FUSE, threads or content; time is what the caller says.
//
// Who reads is a thread of some program. A READ of it that goes on where it was expected opens its
// window or doubles it, any other one closes it: so reading a whole folder or tree soon has a
// thousand files ahead of it, and a look at a file here and there costs nothing, for what comes
// next in a folder may be far away in the archive. The window is a credit as well. Each READ fills
// it, and what is pushed takes from it: the files behind the one that was read, then those of each
// folder that the thread goes on to list, or that was listed next before. A thread that lists and
// never reads (find) has none, and nothing is decoded for it.
#pragma once

#include <chrono>
#include <list>
#include <vector>

#include <sys/types.h>

#include "fs/fuse/listed_folders.h"

namespace leakfs::fuse {

// Not for several threads at once.
class ReadAhead {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::size_t window_min = 8;               // files
  static constexpr std::size_t window_max = 1024;            // files
  static constexpr std::size_t bytes_per_file = 8 << 10;     // of the credit; 8 MiB at most
  static constexpr std::uint32_t file_size_max = 128 << 10;  // bytes of a file to be pushed
  static constexpr std::size_t batch_max = 128;              // files
  static constexpr std::size_t batch_bytes_max = 1 << 20;    // and what the last file has
  static constexpr std::size_t batch_folders_max = 64;       // that it reaches over
  static constexpr std::size_t readers_max = 64;
  // A READ that is older says nothing of what comes next.
  static constexpr std::chrono::milliseconds patience{1000};
  // A file that is read so long after it was pushed has been dropped by the kernel.
  static constexpr std::chrono::milliseconds push_time_max{100};

  explicit ReadAhead(FolderSource source) : folders_(std::move(source)) {}

  // A thread reads the beginning of a file. True if there may be something to push, which it will
  // read next: answer it behind the next batch, or it races the push.
  bool read(pid_t thread, tree::Inode file, Time now);
  // What is asked of a folder: the entries behind that cookie.
  struct Listing {
    tree::Inode folder = 0;
    std::uint64_t cookie = 0;
  };
  // It lists a folder. True if there may be something to push;
  // its files are the first then.
  bool ask(pid_t thread, const Listing& listing, Time now);

  struct Reply {
    tree::Inode folder = 0;
    std::uint64_t from = 0;  // the cookie that was asked for
    std::uint64_t to = 0;    // that of its last entry
  };
  // What it will get as the answer.
  void list(const Reply& reply, std::span<const ListedFile> files);

  // The files to push now, sorted by inode, which is the order of their bytes in the archive. Each
  // is handed out once. None if there is nothing to do.
  std::vector<ListedFile> next(Time now);

 private:
  struct Spot {
    tree::Inode folder = 0;
    std::size_t next = 0;  // position of the file
  };
  struct Reader {
    pid_t thread = 0;
    Time time;                 // of its last READ
    tree::Inode file = 0;      // that it asked for
    std::uint64_t listed = 0;  // where the sequence of folders ended then
    std::size_t window = 0;    // files
    std::size_t files = 0;     // what is left of the credit
    std::size_t bytes = 0;     // the same
    Spot read;                 // behind its last READ
    Spot pushed;               // behind what was pushed for it
  };
  struct Batch {
    std::vector<ListedFile> files;
    std::size_t bytes = 0;
  };

  Reader& reader_of(pid_t thread);
  bool has_work(Reader& reader, Time now);
  bool is_ahead(const Reader& reader, tree::Inode folder) const;
  bool is_expected(const Reader& reader, const ListedFolders::Place& place);
  ListedFolder* folder_to_push(Reader& reader);
  static bool is_full(const Batch& batch) {
    return batch.files.size() >= batch_max || batch.bytes >= batch_bytes_max;
  }
  static void take(Reader& reader, ListedFolder& folder, Time now, Batch& batch);

  ListedFolders folders_;
  std::list<Reader> readers_;  // who read or asked last comes first
};

}  // namespace leakfs::fuse
