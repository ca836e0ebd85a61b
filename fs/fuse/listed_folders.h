// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: the folders that were listed last. A READ carries an inode and nothing
// else; which folder it belongs to, and what comes next there, is looked up here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <vector>

#include <sys/types.h>

#include "fs/tree/node.h"

namespace leakfs::fuse {

// A file as it was listed. There may be a million of them, so its size is cut to 4 GiB - 1.
struct ListedFile {
  tree::Inode inode = 0;
  std::uint32_t size = 0;  // bytes
  bool is_given = false;   // read, or handed out to be pushed
};

// Its files in the order in which they were listed, which is that in which they are read.
class ListedFolder {
 public:
  explicit ListedFolder(tree::Inode inode) : inode_(inode) {}

  tree::Inode inode() const { return inode_; }
  std::span<ListedFile> files() { return files_; }
  // The files, counted from the first, that the kernel has made inodes of. It has those of a reply
  // when it asks for the next one.
  std::size_t known() const { return known_; }
  std::optional<std::size_t> position(tree::Inode file);

  // The kernel asks for what is behind that cookie.
  void ask(std::uint64_t cookie);
  // A reply that reaches from one cookie to another; all of its files, so that what is said a
  // second time is noticed.
  void add(std::uint64_t from, std::uint64_t to, std::span<const ListedFile> files);

  pid_t lister = 0;                             // the thread that listed it last
  std::chrono::steady_clock::time_point given;  // when a file of it was handed out last

 private:
  tree::Inode inode_;
  std::uint64_t end_ = 0;  // cookie of the last entry that was sent
  std::size_t known_ = 0;
  std::vector<ListedFile> files_;
  std::vector<std::uint32_t> by_inode_;  // positions; brought up to date when it is needed
};

// Bounded in folders and in files. Not for several threads at once.
class ListedFolders {
 public:
  static constexpr std::size_t folders_max = 64;
  static constexpr std::size_t files_max = 1 << 20;  // of all folders: 20 MiB at most

  // The folder, remembered from now on as the one listed last.
  ListedFolder& list(tree::Inode folder);
  ListedFolder* find(tree::Inode folder);

  struct Place {
    ListedFolder* folder = nullptr;
    std::size_t position = 0;
  };
  // Where the file stands in the folder listed last, of those that have it.
  std::optional<Place> place(tree::Inode file);

  // Forgets the folders listed first until what is left is within bounds; never the last.
  void trim();

 private:
  std::list<ListedFolder> folders_;  // listed last comes first
};

}  // namespace leakfs::fuse
