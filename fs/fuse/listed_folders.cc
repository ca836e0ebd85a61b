// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/listed_folders.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace leakfs::fuse {

std::optional<std::size_t> ListedFolder::position(tree::Inode file) {
  const auto inode_at = [this](std::uint32_t position) { return files_[position].inode; };
  if (by_inode_.size() != files_.size()) {
    std::vector<std::uint32_t> added(files_.size() - by_inode_.size());
    std::iota(added.begin(), added.end(), static_cast<std::uint32_t>(by_inode_.size()));
    // Messages come in the order of their inodes; members of an archive come by name.
    std::ranges::sort(added, {}, inode_at);
    std::vector<std::uint32_t> merged;
    merged.reserve(files_.size());
    std::ranges::merge(by_inode_, added, std::back_inserter(merged), {}, inode_at, inode_at);
    by_inode_ = std::move(merged);
  }
  const auto found = std::ranges::lower_bound(by_inode_, file, {}, inode_at);
  if (found == by_inode_.end() || inode_at(*found) != file) return std::nullopt;
  return *found;
}

void ListedFolder::ask(std::uint64_t cookie) {
  // Whoever starts anew may have been made to forget.
  if (cookie == 0) known_ = 0;
  if (cookie == end_) known_ = files_.size();
}

void ListedFolder::add(std::uint64_t from, std::uint64_t to, std::span<const ListedFile> files) {
  // Another listing was here before; or it was at work when this folder had been forgotten.
  if (from != end_ && end_ != 0) return;
  if (files_.size() + files.size() > ListedFolders::files_max) return;
  files_.insert(files_.end(), files.begin(), files.end());
  end_ = to;
}

ListedFolder& ListedFolders::list(tree::Inode folder) {
  const auto found = std::ranges::find(folders_, folder, &ListedFolder::inode);
  if (found == folders_.end()) {
    folders_.emplace_front(folder);
  } else {
    folders_.splice(folders_.begin(), folders_, found);
  }
  return folders_.front();
}

ListedFolder* ListedFolders::find(tree::Inode folder) {
  const auto found = std::ranges::find(folders_, folder, &ListedFolder::inode);
  return found == folders_.end() ? nullptr : &*found;
}

std::optional<ListedFolders::Place> ListedFolders::place(tree::Inode file) {
  for (ListedFolder& folder : folders_) {
    const std::optional<std::size_t> position = folder.position(file);
    if (position) return Place{.folder = &folder, .position = *position};
  }
  return std::nullopt;
}

void ListedFolders::trim() {
  std::size_t files = 0;
  for (ListedFolder& folder : folders_) files += folder.files().size();
  while (folders_.size() > folders_max || (files > files_max && folders_.size() > 1)) {
    files -= folders_.back().files().size();
    folders_.pop_back();
  }
}

}  // namespace leakfs::fuse
