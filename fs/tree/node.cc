// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/tree/node.h"

namespace leakfs::tree {

bool is_folder(Kind kind) {
  return kind == Kind::folder_text || kind == Kind::folder_eml || kind == Kind::folder_evidence;
}

Kind message_kind(Kind folder) {
  switch (folder) {
    case Kind::folder_eml:
      return Kind::message_eml;
    case Kind::folder_evidence:
      return Kind::message_evidence;
    default:
      return Kind::message_text;
  }
}

Inode encode(const Node& node) {
  const Inode address = static_cast<Inode>(node.kind) << 56 |
                        static_cast<Inode>(node.part & 0xffffff) << 32 | node.number;
  return address + root_inode;
}

std::optional<Node> decode(Inode inode) {
  if (inode < root_inode) return std::nullopt;
  const Inode address = inode - root_inode;
  const auto kind = static_cast<std::uint8_t>(address >> 56);
  if (kind > static_cast<std::uint8_t>(Kind::attachment)) return std::nullopt;
  return Node{.kind = static_cast<Kind>(kind),
              .part = static_cast<std::uint32_t>(address >> 32) & 0xffffff,
              .number = static_cast<std::uint32_t>(address)};
}

}  // namespace leakfs::tree
