// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of leakfs-tree(7): what is where. FUSE is not known here; lsleakfs uses the same.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "fs/content/content.h"
#include "fs/tree/node.h"
#include "index/base/civil_time.h"
#include "index/base/error.h"
#include "index/store/snapshot.h"

namespace leakfs::tree {

struct Attributes {
  bool is_directory = false;
  std::uint64_t size = 0;   // bytes; exact for files
  std::uint32_t links = 1;  // folders: 2 + subfolders; other files: the folders they are in
  UnixTime mtime = 0;       // the mail's date; of a folder its newest
  UnixTime ctime = 0;       // when the index was built
};

struct DirectoryEntry {
  std::string name;
  Node node;
  Attributes attributes;
};

// Takes the entry that has this cookie; false ends the listing before the next one.
using EntryVisitor = std::function<bool(const DirectoryEntry& entry, std::uint64_t cookie)>;

// Safe from several threads.
class Tree {
 public:
  Tree(const store::Snapshot& index, content::Content& content);

  Result<Attributes> attributes(const Node& node) const;
  // The node of that name in a directory.
  Result<std::optional<DirectoryEntry>> lookup(const Node& directory, std::string_view name) const;
  // The entries behind that of `cookie` (0: from the start), in an order that never changes.
  // Cookies start at 1.
  Result<void> list(const Node& directory, std::uint64_t cookie, const EntryVisitor& visit) const;
  // Whether a file is in a folder; of attachments, whether that very one is.
  Result<bool> holds(const Node& directory, const Node& file) const;
  // Bytes of a file; fewer at its end.
  Result<ByteString> read(const Node& file, content::Window window) const;

  // The node at an absolute or relative path below the root.
  Result<std::optional<DirectoryEntry>> find(std::string_view path) const;

  // Reads that take long end soon, with an Error; so do all that come after.
  void stop() const;
  // An Error once the index was cut or its disk failed: whatever came of it may be wrong. To be
  // called behind all others, before their result is believed.
  Result<void> check_readable() const;

  // Files of the whole tree, for statfs.
  std::uint64_t file_count() const;

 private:
  Result<DirectoryEntry> folder_entry(Kind kind, FolderId id) const;
  DirectoryEntry folder_entry(const Node& node, const records::Folder& folder) const;
  // The subfolder number `i` of a folder.
  Result<DirectoryEntry> subfolder_entry(const Node& parent, const records::Folder& folder,
                                         std::uint32_t i) const;
  Result<DirectoryEntry> message_entry(Kind kind, records::Naming naming, MessageId id) const;
  Result<DirectoryEntry> attachment_entry(const records::AttachmentPlace& place,
                                          const records::Message& message) const;
  Result<DirectoryEntry> attachments_entry() const;
  Result<DirectoryEntry> archive_entry(EntryId id) const;
  DirectoryEntry archive_entry(EntryId id, const records::Entry& record) const;
  Result<DirectoryEntry> child_entry(EntryId parent, EntryId id) const;
  Result<DirectoryEntry> catalog_entry() const;
  Result<std::optional<DirectoryEntry>> evidence_entry() const;
  Result<std::optional<DirectoryEntry>> file_entry(std::size_t number) const;

  Attributes folder_attributes(const records::Folder& folder, const Node& node) const;
  Attributes message_attributes(Kind kind, const records::Message& message) const;

  // What stands beside the views: README.txt, eml, archive, catalog, evidence, attachments.
  Result<std::optional<DirectoryEntry>> fixed_entry(const Node& directory, std::size_t i) const;
  static std::size_t fixed_count(const Node& directory);

  Result<std::optional<DirectoryEntry>> find_folder(const Node& parent,
                                                    const records::Folder& folder,
                                                    std::string_view name) const;
  Result<std::optional<DirectoryEntry>> find_message(const Node& folder_node,
                                                     const records::Folder& folder,
                                                     std::string_view name) const;
  Result<std::optional<DirectoryEntry>> find_attachment(FolderId folder,
                                                        std::string_view name) const;
  Result<std::optional<DirectoryEntry>> find_archive_entry(EntryId parent,
                                                           std::string_view name) const;
  Result<void> list_folder(const Node& directory, std::uint64_t cookie,
                           const EntryVisitor& visit) const;
  // The first entry of the list has the cookie `base` + 1.
  Result<void> list_attachments(FolderId folder, std::uint64_t base, std::uint64_t cookie,
                                const EntryVisitor& visit) const;
  Result<void> list_archive(EntryId parent, std::uint64_t cookie, const EntryVisitor& visit) const;

  const store::Snapshot& index_;
  content::Content& content_;
};

}  // namespace leakfs::tree
