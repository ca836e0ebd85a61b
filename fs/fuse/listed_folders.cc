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

void ListedFolder::restore(std::vector<ListedFile> files) {
  files_ = std::move(files);
  by_inode_.clear();
  known_ = files_.size();
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

void ListedFolders::note(tree::Inode folder) {
  const auto [known, is_new] = orders_.try_emplace(folder, next_order_);
  if (!is_new) {
    // Its last reply, or the one listed before as well.
    if (known->second + 1 == next_order_) return;
    sequence_.erase(known->second);
    known->second = next_order_;
  }
  sequence_.emplace(next_order_++, folder);
  if (sequence_.size() <= sequence_max) return;
  orders_.erase(sequence_.begin()->second);
  sequence_.erase(sequence_.begin());
}

ListedFolder& ListedFolders::restore(tree::Inode folder) {
  std::vector<ListedFile> files = source_.files(folder);
  folders_.emplace_front(folder);
  folders_.front().restore(std::move(files));
  return folders_.front();
}

std::optional<ListedFolders::Place> ListedFolders::place_in(tree::Inode folder, tree::Inode file) {
  ListedFolder* known = find(folder);
  if (known == nullptr) {
    if (!source_.holds(folder, file)) return std::nullopt;
    known = &restore(folder);
  }
  const std::optional<std::size_t> position = known->position(file);
  if (!position) return std::nullopt;
  return Place{.folder = known, .position = *position};
}

std::optional<ListedFolders::Place> ListedFolders::place(tree::Inode file, tree::Inode before) {
  if (const std::optional<tree::Inode> next = next_to(before)) {
    if (const auto place = place_in(*next, file)) return place;
  }
  for (ListedFolder& folder : folders_) {
    const std::optional<std::size_t> position = folder.position(file);
    if (position) return Place{.folder = &folder, .position = *position};
  }
  return std::nullopt;
}

std::optional<ListedFolders::Place> ListedFolders::search(tree::Inode file, tree::Inode before,
                                                          Time now) {
  if (now < next_search_) return std::nullopt;
  std::optional<Place> found;
  bool is_behind = false;
  for (const auto& [order, folder] : sequence_) {
    const bool is_before = source_.holds(folder, before);
    if (is_before || is_behind) found = place_in(folder, file);
    if (found) {
      const std::size_t expected =
          is_before ? found->folder->position(before).value_or(0) + 1 : std::size_t{0};
      if (found->position == expected) break;
      found.reset();
    }
    is_behind = is_before;
  }
  search_pause_ = found ? search_pause_min : std::min(2 * search_pause_, search_pause_max);
  next_search_ = now + search_pause_;
  return found;
}

std::optional<tree::Inode> ListedFolders::next_to(tree::Inode folder) const {
  const auto order = orders_.find(folder);
  if (order == orders_.end()) return std::nullopt;
  const auto next = sequence_.upper_bound(order->second);
  if (next == sequence_.end()) return std::nullopt;
  return next->second;
}

bool ListedFolders::is_behind(tree::Inode folder, tree::Inode other) const {
  const auto at = orders_.find(folder);
  const auto before = orders_.find(other);
  return at != orders_.end() && before != orders_.end() && before->second < at->second;
}

ListedFolder* ListedFolders::after(tree::Inode folder, std::uint64_t end) {
  const std::optional<tree::Inode> next = next_to(folder);
  if (!next || orders_.at(*next) >= end) return nullptr;
  ListedFolder* known = find(*next);
  return known != nullptr ? known : &restore(*next);
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
