// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that must not be mixed up. Each counts from 0 in the order of the input, so that inode
// order, heap order and archive order are one.
#pragma once

#include <compare>
#include <cstdint>

namespace leakfs {

template <typename Tag>
struct Id {
  std::uint32_t raw = 0;
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

using MessageId = Id<struct MessageTag>;        // a message of the index
using AttachmentId = Id<struct AttachmentTag>;  // an attachment of a message
using FolderId = Id<struct FolderTag>;          // a folder of the views (by-date, by-sender, ...)
using EntryId = Id<struct EntryTag>;            // a file or folder under archive/
using StreamId = Id<struct StreamTag>;          // a sequence of bytes that messages lie in
using FileId = Id<struct FileTag>;              // a file that mkleakfs wrote: catalog, README.txt

}  // namespace leakfs
