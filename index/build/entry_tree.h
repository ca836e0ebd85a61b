// SPDX-License-Identifier: GPL-3.0-or-later
// The archive's own tree, as it grows member by member.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "index/archive/walk.h"
#include "index/base/error.h"
#include "index/base/extent.h"
#include "index/base/ids.h"
#include "index/store/lmdb.h"
#include "index/store/records_generated.h"

namespace leakfs::build {

// Directories above a member; the rest of a deeper path is one name.
constexpr std::size_t path_depth_max = 128;

class EntryTree {
 public:
  EntryTree();

  // Adds the member and the directories above it. A directory that is there already is that one.
  EntryId add(const archive::Member& member);
  void set_extent(EntryId entry, const Extent& extent);
  // A hard link becomes a second name of a file that came before it. False if there is none.
  bool link(EntryId entry, Bytes target);

  // Gives each entry a name of its own in its folder and writes the tables. Call once, at the end.
  Result<void> write(store::TableWriter& tables);

  // The path below archive/; final after write().
  std::string path_of(EntryId entry) const;
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string name;
    Extent extent;
    std::optional<UnixTime> mtime;
    EntryId parent;
    records::EntryKind kind = records::EntryKind::file;
  };

  // Stands for the name as stored below that parent, of which there may be millions: half of their
  // SHA-256.
  using Place = std::array<char, 16>;
  struct PlaceHasher {
    std::size_t operator()(const Place& place) const;
  };

  static Place place_of(EntryId parent, Bytes name);
  EntryId directory(EntryId parent, Bytes name);
  EntryId push(Entry entry);
  std::vector<std::vector<EntryId>> children();
  void make_names_distinct(std::vector<EntryId>& children);

  std::deque<Entry> entries_;                                 // which grows without a copy
  std::unordered_map<Place, EntryId, PlaceHasher> by_place_;  // directories and files
};

}  // namespace leakfs::build
