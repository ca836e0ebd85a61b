// SPDX-License-Identifier: GPL-3.0-or-later
// Directories entry by entry. A cookie is the position of an entry: first what is fixed, then
// subfolders, then messages or attachments.
#include <algorithm>

#include "fs/tree/tree.h"

namespace leakfs::tree {
namespace {
// The files of the root come first in store::file_names.
constexpr std::size_t root_files = 2;
}  // namespace

std::size_t Tree::fixed_count(const Node& directory) {
  if (directory == Node{}) return root_files + 5;
  if (directory.kind == Kind::catalog) return std::size(store::file_names) - root_files;
  return 0;
}

Result<std::optional<DirectoryEntry>> Tree::fixed_entry(const Node& directory,
                                                        std::size_t i) const {
  if (directory.kind == Kind::catalog) return file_entry(root_files + i);
  if (i < root_files) return file_entry(i);
  if (i == root_files) return TRY(archive_entry({0}));
  if (i == root_files + 1) return TRY(catalog_entry());
  if (i == root_files + 2) return evidence_entry();
  if (i == root_files + 3) return TRY(attachments_entry());
  DirectoryEntry eml = TRY(folder_entry(Kind::folder_eml, {0}));
  eml.name = "eml";
  return eml;
}

Result<void> Tree::list(const Node& directory, std::uint64_t cookie,
                        const EntryVisitor& visit) const {
  const std::size_t fixed = fixed_count(directory);
  for (; cookie < fixed; ++cookie) {
    const std::optional<DirectoryEntry> entry = TRY(fixed_entry(directory, cookie));
    if (entry && !visit(*entry, cookie + 1)) return {};
  }
  if (directory.kind == Kind::entry) return list_archive({directory.number}, cookie, visit);
  if (is_folder(directory.kind)) return list_folder(directory, cookie, visit);
  return {};
}

Result<void> Tree::list_folder(const Node& directory, std::uint64_t cookie,
                               const EntryVisitor& visit) const {
  const auto folder = TRY(index_.folder({directory.number}));
  const std::uint64_t folders_at = fixed_count(directory);
  const std::uint64_t messages_at = folders_at + folder->children();
  for (; cookie < messages_at; ++cookie) {
    const auto offset = static_cast<std::uint32_t>(cookie - folders_at);
    const DirectoryEntry entry = TRY(subfolder_entry(directory, *folder, offset));
    if (!visit(entry, cookie + 1)) return {};
  }
  if (folder->naming() == records::Naming::attachment) {
    return list_attachments({directory.number}, messages_at, cookie, visit);
  }
  const Kind kind = message_kind(directory.kind);
  const store::IdList<MessageId> messages = TRY(index_.messages_of({directory.number}));
  for (; cookie - messages_at < messages.size(); ++cookie) {
    const DirectoryEntry entry =
        TRY(message_entry(kind, folder->naming(), messages[cookie - messages_at]));
    if (!visit(entry, cookie + 1)) return {};
  }
  return {};
}

Result<void> Tree::list_archive(EntryId parent, std::uint64_t cookie,
                                const EntryVisitor& visit) const {
  const store::IdList<EntryId> children = TRY(index_.children_of(parent));
  for (; cookie < children.size(); ++cookie) {
    const DirectoryEntry entry = TRY(child_entry(parent, children[cookie]));
    if (!visit(entry, cookie + 1)) return {};
  }
  return {};
}

}  // namespace leakfs::tree
