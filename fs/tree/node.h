// SPDX-License-Identifier: GPL-3.0-or-later
// An inode number *is* the address of a node; no table maps one to the other.
//
//   63      56 55              32 31                            0
//   [  kind  ][       part       ][            number            ]
//
// So forget() has nothing to do and numbers survive a remount. A message's number does not say
// which folder led to it: by date or by sender it is one file, cached once. So is an attachment,
// whatever messages it came with. A folder's does, because Linux gives a directory inode a single
// place.
#pragma once

#include <cstdint>
#include <optional>

namespace leakfs::tree {

enum class Kind : std::uint8_t {
  folder_text = 0,       // number: FolderId; the root of the tree is folder 0
  folder_eml = 1,        // number: FolderId; eml/ is folder 0
  message_text = 2,      // number: MessageId
  message_eml = 3,       // number: MessageId
  entry = 4,             // number: EntryId; archive/ is entry 0
  catalog = 5,           // number: 0
  file = 6,              // number: index into store::file_names
  folder_evidence = 7,   // number: FolderId; evidence/ is by-id
  message_evidence = 8,  // number: MessageId
  attachment = 9,        // number: AttachmentId of the first with the same content
};

bool is_folder(Kind kind);
// What stands in a folder of that kind.
Kind message_kind(Kind folder);

struct Node {
  Kind kind = Kind::folder_text;
  std::uint32_t part = 0;  // of a message; no kind uses it yet
  std::uint32_t number = 0;
  friend bool operator==(const Node&, const Node&) = default;
};

using Inode = std::uint64_t;

constexpr Inode root_inode = 1;  // FUSE_ROOT_ID

// The root has the number that FUSE wants; every other is its address plus that.
Inode encode(const Node& node);
std::optional<Node> decode(Inode inode);

}  // namespace leakfs::tree
