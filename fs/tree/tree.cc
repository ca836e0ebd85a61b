// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes and their attributes, and names to nodes. Listing is in listing.cc, what is particular to
// attachments in attachment.cc.
#include "fs/tree/tree.h"

#include <algorithm>
#include <cerrno>

#include "index/base/file_name.h"
#include "index/base/utf8.h"
#include "index/view/message_name.h"

namespace leakfs::tree {
namespace {

constexpr std::uint64_t directory_size = 4096;  // as other file systems say
constexpr std::string_view catalog_prefix = "catalog/";

// An entry of which an index that somebody else made says the name.
Result<DirectoryEntry> named(DirectoryEntry entry) {
  if (is_file_name(entry.name)) return entry;
  return input_error("the index has a name that no file can have: " + one_line(entry.name));
}

std::string_view extension_of(Kind kind) { return kind == Kind::message_eml ? ".eml" : ".txt"; }

}  // namespace

Tree::Tree(const store::Snapshot& index, content::Content& content)
    : index_(index), content_(content) {}

void Tree::stop() const { content_.stop(); }

Result<void> Tree::check_readable() const { return index_.check_readable(); }

std::uint64_t Tree::file_count() const {
  // A message has a text, its bytes and its evidence.
  const records::Index& index = index_.index();
  return std::uint64_t{3} * index.messages() + index.entries() + index.attachment_files();
}

Attributes Tree::folder_attributes(const records::Folder& folder, const Node& node) const {
  Attributes result;
  result.is_directory = true;
  result.size = directory_size;
  result.links = 2 + folder.children();
  // The root holds eml, archive, catalog, evidence and attachments as well.
  if (node == Node{}) result.links += 5;
  result.ctime = index_.index().built();
  result.mtime = folder.newest() ? *folder.newest() : result.ctime;
  return result;
}

Attributes Tree::message_attributes(Kind kind, const records::Message& message) const {
  Attributes result;
  if (kind == Kind::message_text) {
    result.size = std::uint64_t{message.front_size()} + message.text_size();
  } else if (kind == Kind::message_evidence) {
    result.size = message.evidence_size();
  } else if (message.sources() != nullptr && message.sources()->size() > 0) {
    result.size = message.sources()->Get(0)->extent().length();
  }
  result.links = kind == Kind::message_evidence ? 1 : message.links();
  result.ctime = index_.index().built();
  result.mtime = message.date() ? *message.date() : 0;
  return result;
}

Result<DirectoryEntry> Tree::folder_entry(Kind kind, FolderId id) const {
  const auto folder = TRY(index_.folder(id));
  return folder_entry({.kind = kind, .number = id.raw}, *folder);
}

DirectoryEntry Tree::folder_entry(const Node& node, const records::Folder& folder) const {
  return {.name = std::string(store::text_of(folder.name())),
          .node = node,
          .attributes = folder_attributes(folder, node)};
}

Result<DirectoryEntry> Tree::subfolder_entry(const Node& parent, const records::Folder& folder,
                                             std::uint32_t i) const {
  const FolderId id{folder.first_child() + i};
  const auto child = TRY(index_.folder(id));
  if (child->parent() != parent.number) {
    return input_error("a folder of the index is in two places");
  }
  return named(folder_entry({.kind = parent.kind, .number = id.raw}, *child));
}

Result<DirectoryEntry> Tree::message_entry(Kind kind, records::Naming naming, MessageId id) const {
  const store::MessageRecord message = TRY(index_.message(id));
  std::string name = view::name_in(naming, *message);
  name += extension_of(kind);
  return named({.name = std::move(name),
                .node = {.kind = kind, .number = id.raw},
                .attributes = message_attributes(kind, *message)});
}

Result<DirectoryEntry> Tree::archive_entry(EntryId id) const {
  const auto record = TRY(index_.entry(id));
  return archive_entry(id, *record);
}

DirectoryEntry Tree::archive_entry(EntryId id, const records::Entry& record) const {
  Attributes attributes;
  attributes.ctime = index_.index().built();
  attributes.mtime = record.mtime() ? *record.mtime() : attributes.ctime;
  attributes.is_directory = record.kind() == records::EntryKind::directory;
  if (attributes.is_directory) {
    attributes.size = directory_size;
    attributes.links = 2 + record.directories();
  } else if (record.extent() != nullptr) {
    attributes.size = record.extent()->length();
  }
  return {.name = std::string(store::text_of(record.name())),
          .node = {.kind = Kind::entry, .number = id.raw},
          .attributes = attributes};
}

Result<DirectoryEntry> Tree::child_entry(EntryId parent, EntryId id) const {
  const auto record = TRY(index_.entry(id));
  // The root is its own parent.
  if (id.raw == 0 || record->parent() != parent.raw) {
    return input_error("an entry of the index is in two places");
  }
  return named(archive_entry(id, *record));
}

Result<DirectoryEntry> Tree::catalog_entry() const {
  const UnixTime built = index_.index().built();
  return DirectoryEntry{.name = "catalog",
                        .node = {.kind = Kind::catalog},
                        .attributes = {.is_directory = true,
                                       .size = directory_size,
                                       .links = 2,
                                       .mtime = built,
                                       .ctime = built}};
}

// by-id once more, with other files in it.
Result<std::optional<DirectoryEntry>> Tree::evidence_entry() const {
  const auto root = TRY(index_.folder({0}));
  std::optional<DirectoryEntry> entry =
      TRY(find_folder({.kind = Kind::folder_evidence}, *root, "by-id"));
  if (entry) entry->name = "evidence";
  return entry;
}

Result<std::optional<DirectoryEntry>> Tree::file_entry(std::size_t number) const {
  if (number >= std::size(store::file_names)) return std::nullopt;
  const auto record = TRY(index_.file(store::file_names[number]));
  if (!record) return std::nullopt;
  std::string_view name = store::file_names[number];
  if (name.starts_with(catalog_prefix)) name.remove_prefix(catalog_prefix.size());
  const UnixTime built = index_.index().built();
  return DirectoryEntry{.name = std::string(name),
                        .node = {.kind = Kind::file, .number = static_cast<std::uint32_t>(number)},
                        .attributes = {.size = (*record)->size(), .mtime = built, .ctime = built}};
}

Result<Attributes> Tree::attributes(const Node& node) const {
  switch (node.kind) {
    case Kind::folder_text:
    case Kind::folder_eml:
    case Kind::folder_evidence: {
      const DirectoryEntry entry = TRY(folder_entry(node.kind, {node.number}));
      return entry.attributes;
    }
    case Kind::message_text:
    case Kind::message_eml:
    case Kind::message_evidence: {
      const store::MessageRecord message = TRY(index_.message({node.number}));
      return message_attributes(node.kind, *message);
    }
    case Kind::attachment: {
      const auto place = TRY(index_.attachment({node.number}));
      const store::MessageRecord message = TRY(index_.message({place->message()}));
      const DirectoryEntry entry = TRY(attachment_entry(*place, *message));
      return entry.attributes;
    }
    case Kind::entry: {
      const DirectoryEntry entry = TRY(archive_entry({node.number}));
      return entry.attributes;
    }
    case Kind::catalog: {
      const DirectoryEntry entry = TRY(catalog_entry());
      return entry.attributes;
    }
    case Kind::file:
      break;
  }
  const std::optional<DirectoryEntry> entry = TRY(file_entry(node.number));
  if (!entry) return input_error(ENOENT, "no such file in the index");
  return entry->attributes;
}

// Subfolders are consecutive and sorted by name.
Result<std::optional<DirectoryEntry>> Tree::find_folder(const Node& parent,
                                                        const records::Folder& folder,
                                                        std::string_view name) const {
  std::uint32_t low = 0;
  std::uint32_t high = folder.children();
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    DirectoryEntry entry = TRY(subfolder_entry(parent, folder, middle));
    if (entry.name == name) return entry;
    if (entry.name < name) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

Result<std::optional<DirectoryEntry>> Tree::find_message(const Node& folder_node,
                                                         const records::Folder& folder,
                                                         std::string_view name) const {
  const Kind kind = message_kind(folder_node.kind);
  const std::string_view extension = extension_of(kind);
  if (!name.ends_with(extension)) return std::nullopt;
  const auto named = view::id_in_name(name.substr(0, name.size() - extension.size()));
  if (!named) return std::nullopt;
  const std::optional<MessageId> id = TRY(index_.find(named->id, named->ordinal));
  if (!id) return std::nullopt;
  const store::IdList<MessageId> messages = TRY(index_.messages_of({folder_node.number}));
  if (!messages.contains(*id)) return std::nullopt;
  DirectoryEntry entry = TRY(message_entry(kind, folder.naming(), *id));
  if (entry.name != name) return std::nullopt;
  return entry;
}

Result<std::optional<DirectoryEntry>> Tree::find_archive_entry(EntryId parent,
                                                               std::string_view name) const {
  const store::IdList<EntryId> children = TRY(index_.children_of(parent));
  std::size_t low = 0;
  std::size_t high = children.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    DirectoryEntry entry = TRY(child_entry(parent, children[middle]));
    if (entry.name == name) return entry;
    if (entry.name < name) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

Result<std::optional<DirectoryEntry>> Tree::lookup(const Node& directory,
                                                   std::string_view name) const {
  for (std::size_t i = 0; i < fixed_count(directory); ++i) {
    std::optional<DirectoryEntry> entry = TRY(fixed_entry(directory, i));
    if (entry && entry->name == name) return entry;
  }
  if (directory.kind == Kind::entry) return find_archive_entry({directory.number}, name);
  if (!is_folder(directory.kind)) return std::nullopt;
  const auto folder = TRY(index_.folder({directory.number}));
  std::optional<DirectoryEntry> entry = TRY(find_folder(directory, *folder, name));
  if (entry) return entry;
  if (folder->naming() == records::Naming::attachment) {
    return find_attachment({directory.number}, name);
  }
  return find_message(directory, *folder, name);
}

Result<bool> Tree::holds(const Node& directory, const Node& file) const {
  if (directory.kind == Kind::entry) {
    if (file.kind != Kind::entry) return false;
    const auto entry = TRY(index_.entry({file.number}));
    return entry->parent() == directory.number;
  }
  if (!is_folder(directory.kind)) return false;
  const FolderId folder{directory.number};
  if (file.kind == Kind::attachment) {
    const auto record = TRY(index_.folder(folder));
    if (record->naming() != records::Naming::attachment) return false;
    return TRY(index_.attachments_of(folder)).contains({file.number});
  }
  if (file.kind != message_kind(directory.kind)) return false;
  if (!TRY(index_.messages_of(folder)).contains({file.number})) return false;
  const auto record = TRY(index_.folder(folder));
  return record->naming() != records::Naming::attachment;
}

Result<std::optional<DirectoryEntry>> Tree::find(std::string_view path) const {
  DirectoryEntry at = {.name = "", .node = {}, .attributes = TRY(attributes({}))};
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (name.empty() || name == ".") continue;
    if (!at.attributes.is_directory) return std::nullopt;
    std::optional<DirectoryEntry> next = TRY(lookup(at.node, name));
    if (!next) return std::nullopt;
    at = std::move(*next);
  }
  return at;
}

Result<ByteString> Tree::read(const Node& file, content::Window window) const {
  switch (file.kind) {
    case Kind::message_text:
      return content_.message_text({file.number}, window);
    case Kind::message_eml:
      return content_.message_bytes({file.number}, window);
    case Kind::message_evidence:
      return content_.evidence({file.number}, window);
    case Kind::attachment:
      return content_.attachment({file.number}, window);
    case Kind::entry:
      return content_.entry({file.number}, window);
    case Kind::file:
      if (file.number < std::size(store::file_names)) return content_.file(file.number, window);
      return input_error(ENOENT, "no such file in the index");
    case Kind::folder_text:
    case Kind::folder_eml:
    case Kind::folder_evidence:
    case Kind::catalog:
      break;
  }
  return input_error(EISDIR, "a folder has no bytes");
}

}  // namespace leakfs::tree
