// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/entry_tree.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "index/base/utf8.h"
#include "index/crypto/digest.h"
#include "index/mail/name.h"
#include "index/store/records.h"

namespace leakfs::build {
namespace {

// The components of a path from left to right; what is deeper than path_depth_max is one.
class Path {
 public:
  explicit Path(Bytes path) : rest_(path) {}

  bool is_at_end() const { return is_at_end_; }
  bool is_last() const { return length() == rest_.size(); }
  Bytes take() {
    const Bytes component = rest_.substr(0, length());
    is_at_end_ = is_last();
    rest_.remove_prefix(std::min(component.size() + 1, rest_.size()));
    ++depth_;
    return component;
  }

 private:
  std::size_t length() const {
    return depth_ == path_depth_max ? rest_.size() : std::min(rest_.find('/'), rest_.size());
  }

  Bytes rest_;
  std::size_t depth_ = 0;
  bool is_at_end_ = false;
};

}  // namespace

EntryTree::Place EntryTree::place_of(EntryId parent, Bytes name) {
  ByteString place(store::bytes_of(store::key_of(parent.raw)));
  place += name;
  Place digest;
  std::ranges::copy(crypto::sha256(place).bytes().substr(0, digest.size()), digest.begin());
  return digest;
}

std::size_t EntryTree::PlaceHasher::operator()(const Place& place) const {
  std::size_t value;
  std::memcpy(&value, place.data(), sizeof value);
  return value;
}

EntryTree::EntryTree() {
  entries_.push_back({.name = "archive", .kind = records::EntryKind::directory});
}

EntryId EntryTree::push(Entry entry) {
  entries_.push_back(std::move(entry));
  return {static_cast<std::uint32_t>(entries_.size() - 1)};
}

EntryId EntryTree::directory(EntryId parent, Bytes name) {
  const auto [found, is_new] = by_place_.try_emplace(place_of(parent, name));
  if (is_new || entries_[found->second.raw].kind != records::EntryKind::directory) {
    found->second = push(
        {.name = mail::member_name(name), .parent = parent, .kind = records::EntryKind::directory});
  }
  return found->second;
}

EntryId EntryTree::add(const archive::Member& member) {
  EntryId parent{0};
  Path path(member.path);
  while (!path.is_last()) parent = directory(parent, path.take());
  const Bytes name = path.take();
  if (member.kind == archive::MemberKind::directory) {
    const EntryId id = directory(parent, name);
    if (member.mtime) entries_[id.raw].mtime = member.mtime;
    return id;
  }
  records::EntryKind kind = records::EntryKind::file;
  if (member.kind == archive::MemberKind::link) kind = records::EntryKind::link;
  if (member.kind == archive::MemberKind::special) kind = records::EntryKind::special;
  const EntryId id = push(
      {.name = mail::member_name(name), .mtime = member.mtime, .parent = parent, .kind = kind});
  by_place_[place_of(parent, name)] = id;
  return id;
}

void EntryTree::set_extent(EntryId entry, const Extent& extent) {
  entries_[entry.raw].extent = extent;
}

bool EntryTree::link(EntryId entry, Bytes target) {
  EntryId at{0};
  for (Path path(target); !path.is_at_end();) {
    const auto found = by_place_.find(place_of(at, path.take()));
    if (found == by_place_.end()) return false;
    at = found->second;
  }
  if (at == entry || entries_[at.raw].kind != records::EntryKind::file) return false;
  entries_[entry.raw].kind = records::EntryKind::file;
  entries_[entry.raw].extent = entries_[at.raw].extent;
  return true;
}

std::string EntryTree::path_of(EntryId entry) const {
  std::vector<EntryId> places;
  for (; entry.raw != 0; entry = entries_[entry.raw].parent) places.push_back(entry);
  std::string path;
  for (std::size_t i = places.size(); i-- > 0;) {
    path += entries_[places[i].raw].name;
    if (i > 0) path += '/';
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

// The first of several members with one name keeps it, the others get "~2", "~3", ..., but never a
// name that is another's.
void EntryTree::make_names_distinct(std::vector<EntryId>& children) {
  std::unordered_set<std::string> names;
  std::vector<EntryId> others;
  for (const EntryId child : children) {
    if (!names.insert(entries_[child.raw].name).second) others.push_back(child);
  }
  std::unordered_map<std::string, std::size_t> last;  // number given, by the name as stored
  for (const EntryId other : others) {
    std::string& name = entries_[other.raw].name;
    std::size_t& number = last.try_emplace(name, 1).first->second;
    std::string numbered;
    do {
      const std::string suffix = "~" + std::to_string(++number);
      numbered = cut_utf8(name, mail::member_name_size_max - suffix.size());
      numbered += suffix;
    } while (!names.insert(numbered).second);
    name = numbered;
  }
  std::ranges::sort(children, {}, [this](EntryId child) -> const std::string& {
    return entries_[child.raw].name;
  });
}

Result<void> EntryTree::write(store::TableWriter& tables) {
  by_place_ = {};
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
