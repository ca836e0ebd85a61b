// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/entry_tree.h"

#include <algorithm>

#include "index/base/utf8.h"
#include "index/mail/name.h"
#include "index/store/records.h"

namespace leakfs::build {

EntryTree::EntryTree() {
  entries_.push_back({.name = "archive", .kind = records::EntryKind::directory});
}

EntryId EntryTree::push(Entry entry) {
  entries_.push_back(std::move(entry));
  return {static_cast<std::uint32_t>(entries_.size() - 1)};
}

// Iterative, for a path may have any number of components.
EntryId EntryTree::directory(Bytes path) {
  EntryId parent{0};
  std::size_t start = 0;
  while (start < path.size()) {
    const std::size_t slash = std::min(path.find('/', start), path.size());
    const ByteString prefix(path.substr(0, slash));
    const auto found = by_path_.find(prefix);
    if (found != by_path_.end() &&
        entries_[found->second.raw].kind == records::EntryKind::directory) {
      parent = found->second;
    } else {
      parent = push({.name = mail::member_name(path.substr(start, slash - start)),
                     .parent = parent,
                     .kind = records::EntryKind::directory});
      by_path_[prefix] = parent;
    }
    start = slash + 1;
  }
  return parent;
}

EntryId EntryTree::add(const archive::Member& member) {
  if (member.kind == archive::MemberKind::directory) {
    const EntryId id = directory(member.path);
    if (member.mtime) entries_[id.raw].mtime = member.mtime;
    return id;
  }
  const std::size_t slash = member.path.rfind('/');
  const bool is_nested = slash != ByteString::npos;
  const EntryId parent = is_nested ? directory(Bytes(member.path).substr(0, slash)) : EntryId{0};
  const Bytes name = is_nested ? Bytes(member.path).substr(slash + 1) : Bytes(member.path);
  records::EntryKind kind = records::EntryKind::file;
  if (member.kind == archive::MemberKind::link) kind = records::EntryKind::link;
  if (member.kind == archive::MemberKind::special) kind = records::EntryKind::special;
  const EntryId id = push(
      {.name = mail::member_name(name), .mtime = member.mtime, .parent = parent, .kind = kind});
  by_path_[member.path] = id;
  return id;
}

void EntryTree::set_extent(EntryId entry, const Extent& extent) {
  entries_[entry.raw].extent = extent;
}

bool EntryTree::link(EntryId entry, Bytes target) {
  const auto found = by_path_.find(ByteString(target));
  if (found == by_path_.end() || entries_[found->second.raw].kind != records::EntryKind::file) {
    return false;
  }
  entries_[entry.raw].kind = records::EntryKind::file;
  entries_[entry.raw].extent = entries_[found->second.raw].extent;
  return true;
}

std::string EntryTree::path_of(EntryId entry) const {
  std::string path;
  for (; entry.raw != 0; entry = entries_[entry.raw].parent) {
    if (!path.empty()) path.insert(0, 1, '/');
    path.insert(0, entries_[entry.raw].name);
  }
  return path;
}

// Links and specials are told in problems.csv and are no files of the tree.
std::vector<std::vector<EntryId>> EntryTree::children() {
  std::vector<std::vector<EntryId>> lists(entries_.size());
  for (std::uint32_t i = 1; i < entries_.size(); ++i) {
    const records::EntryKind kind = entries_[i].kind;
    if (kind == records::EntryKind::file || kind == records::EntryKind::directory) {
      lists[entries_[i].parent.raw].push_back({i});
    }
  }
  return lists;
}

// The first of several members with one name keeps it, the others get "~2", "~3", ... A name that
// such a suffix makes can be taken as well, so this repeats until all differ.
void EntryTree::make_names_distinct(std::vector<EntryId>& children) {
  const auto by_name = [this](EntryId a, EntryId b) {
    return std::tie(entries_[a.raw].name, a) < std::tie(entries_[b.raw].name, b);
  };
  bool is_changed = true;
  while (is_changed) {
    is_changed = false;
    std::ranges::sort(children, by_name);
    std::size_t first = 0;
    for (std::size_t i = 1; i < children.size(); ++i) {
      std::string& name = entries_[children[i].raw].name;
      if (name != entries_[children[first].raw].name) {
        first = i;
        continue;
      }
      const std::string suffix = "~" + std::to_string(i - first + 1);
      name.resize(cut_utf8(name, mail::member_name_size_max - suffix.size()).size());
      name += suffix;
      is_changed = true;
    }
  }
}

Result<void> EntryTree::write(store::TableWriter& tables) {
  by_path_.clear();
  std::vector<std::vector<EntryId>> lists = children();
  for (std::vector<EntryId>& list : lists) make_names_distinct(list);
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    records::EntryT record;
    record.name = entry.name;
    record.parent = entry.parent.raw;
    record.kind = entry.kind;
    record.extent = std::make_unique<records::Extent>(entry.extent.offset, entry.extent.length,
                                                      entry.extent.stream.raw);
    record.mtime = entry.mtime;
    record.children = static_cast<std::uint32_t>(lists[i].size());
    ByteString packed;
    for (const EntryId child : lists[i]) {
      packed += store::bytes_of(store::key_of(child.raw));
      record.directories += entries_[child.raw].kind == records::EntryKind::directory ? 1 : 0;
    }
    const auto key = store::key_of(i);
    TRY(tables.append(store::Table::entries, store::bytes_of(key),
                      store::encode<records::Entry>(record)));
    if (!packed.empty()) {
      TRY(tables.append(store::Table::entry_children, store::bytes_of(key), packed));
    }
  }
  return {};
}

}  // namespace leakfs::build
