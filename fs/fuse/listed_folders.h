// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: the folders that were listed. A READ carries an inode and nothing else;
// which folder it belongs to, and what comes next there, is looked up here. Of those listed last
// the files are kept; of the others their order, in which they will be read: find lists a tree, and
// a grep behind it lists nothing, for the kernel remembers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
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
  // All of its files, as the tree has them; the kernel has made inodes of them before.
  void restore(std::vector<ListedFile> files);
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

// What is asked of the tree for a folder whose files were forgotten.
struct FolderSource {
  std::function<bool(tree::Inode folder, tree::Inode file)> holds;
  std::function<std::vector<ListedFile>(tree::Inode folder)> files;  // in the order of a listing
};

// Bounded in folders and in files. Not for several threads at once.
class ListedFolders {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::size_t folders_max = 256;
  static constexpr std::size_t files_max = 1 << 20;      // of all folders: 20 MiB at most
  static constexpr std::size_t sequence_max = 32 << 10;  // folders whose order is kept: 4 MiB
  static constexpr std::chrono::milliseconds search_pause_min{500};
  static constexpr std::chrono::milliseconds search_pause_max{60'000};

  explicit ListedFolders(FolderSource source) : source_(std::move(source)) {}

  // Folders and places that these give are valid until trim().

  // The folder, remembered from now on as the one listed last.
  ListedFolder& list(tree::Inode folder);
  // It has files: puts it at the end of the sequence.
  void note(tree::Inode folder);
  ListedFolder* find(tree::Inode folder);

  struct Place {
    ListedFolder* folder = nullptr;
    std::size_t position = 0;
  };
  // Where the file stands: in the folder listed behind `before` if it is there, else in the one
  // listed last of those whose files are known.
  std::optional<Place> place(tree::Inode file, tree::Inode before);
  // Where it stands right behind another file, or is the first one of the folder listed behind that
  // of the other. A message is in a folder of every view; two of them say which view is read. All
  // folders are looked at, so soon after a search there is none, and ever later if none finds it.
  std::optional<Place> search(tree::Inode file, tree::Inode before, Time now);
  // Whether a folder was listed behind another.
  bool is_behind(tree::Inode folder, tree::Inode other) const;
  // The folder that was listed behind that one and before `end`, or null.
  ListedFolder* after(tree::Inode folder, std::uint64_t end);
  // An end for after(): what is listed from now on comes behind it.
  std::uint64_t order() const { return next_order_; }

  // Forgets the folders listed first until what is left is within bounds; never the last.
  void trim();

 private:
  ListedFolder& restore(tree::Inode folder);
  std::optional<Place> place_in(tree::Inode folder, tree::Inode file);
  std::optional<tree::Inode> next_to(tree::Inode folder) const;

  const FolderSource source_;
  std::list<ListedFolder> folders_;  // listed last comes first
  // All folders with files, in the order in which they were listed, and where they are in it.
  std::map<std::uint64_t, tree::Inode> sequence_;
  std::unordered_map<tree::Inode, std::uint64_t> orders_;
  std::uint64_t next_order_ = 0;
  Time next_search_;
  std::chrono::milliseconds search_pause_ = search_pause_min;
};

}  // namespace leakfs::fuse
