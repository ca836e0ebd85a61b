// SPDX-License-Identifier: GPL-3.0-or-later
// Attachments in the tree. A folder holds them by their numbers, which are in the order of their
// messages; the node is that of the first with the same content, whatever number led to it.
#include <utility>

#include "fs/tree/tree.h"
#include "index/view/attachment_name.h"

namespace leakfs::tree {
namespace {

// Where the message's list has that part.
std::optional<std::uint32_t> index_of(const records::Message& message, std::uint32_t part) {
  if (message.attachments() == nullptr) return std::nullopt;
  std::uint32_t index = 0;
  for (const records::Attachment* attachment : *message.attachments()) {
    if (attachment->part() == part) return index;
    ++index;
  }
  return std::nullopt;
}

using Place = store::Record<records::AttachmentPlace>;

// That attachment of the message, if it is in the list.
Result<std::optional<Place>> place_in(const store::Snapshot& index,
                                      const store::IdList<AttachmentId>& list, MessageId message,
                                      std::uint32_t wanted) {
  std::size_t low = 0;
  std::size_t high = list.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    Place place = TRY(index.attachment(list[middle]));
    const auto order =
        std::pair(place->message(), place->index()) <=> std::pair(message.raw, wanted);
    if (order == 0) return place;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<DirectoryEntry> Tree::attachments_entry() const {
  const FolderId root{index_.index().attachments_root()};
  const auto folder = TRY(index_.folder(root));
  if (root.raw == 0 || folder->parent() != root.raw) {
    return input_error("a folder of the index is in two places");
  }
  DirectoryEntry entry = folder_entry({.number = root.raw}, *folder);
  entry.name = "attachments";
  return entry;
}

Result<DirectoryEntry> Tree::attachment_entry(const records::AttachmentPlace& place,
                                              const records::Message& message) const {
  const records::Attachment* attachment = store::attachment_of(message, place.index());
  if (attachment == nullptr) return input_error("the index lost an attachment");
  return DirectoryEntry{.name = view::attachment_name_of(message, *attachment),
                        .node = {.kind = Kind::attachment, .number = place.first()},
                        .attributes = {.size = attachment->size(),
                                       .links = place.links(),
                                       .mtime = place.date() ? *place.date() : 0,
                                       .ctime = index_.index().built()}};
}

Result<void> Tree::list_attachments(FolderId folder, std::uint64_t base, std::uint64_t cookie,
                                    const EntryVisitor& visit) const {
  const store::IdList<AttachmentId> attachments = TRY(index_.attachments_of(folder));
  // A message with thousands of them stands together and is read once.
  std::optional<store::MessageRecord> message;
  std::uint32_t number = 0;
  for (; cookie - base < attachments.size(); ++cookie) {
    const Place place = TRY(index_.attachment(attachments[cookie - base]));
    if (!message || place->message() != number) {
      number = place->message();
      message = TRY(index_.message({number}));
    }
    const DirectoryEntry entry = TRY(attachment_entry(*place, **message));
    if (!visit(entry, cookie + 1)) return {};
  }
  return {};
}

Result<std::optional<DirectoryEntry>> Tree::find_attachment(FolderId folder,
                                                            std::string_view name) const {
  const store::IdList<AttachmentId> attachments = TRY(index_.attachments_of(folder));
  for (const view::NamedAttachment& named : view::attachments_in_name(name)) {
    const std::optional<MessageId> id = TRY(index_.find(named.message.id, named.message.ordinal));
    if (!id) continue;
    const store::MessageRecord message = TRY(index_.message(*id));
    const std::optional<std::uint32_t> index = index_of(*message, named.part);
    if (!index) continue;
    const std::optional<Place> place = TRY(place_in(index_, attachments, *id, *index));
    if (!place) continue;
    DirectoryEntry entry = TRY(attachment_entry(**place, *message));
    if (entry.name == name) return entry;
  }
  return std::nullopt;
}

}  // namespace leakfs::tree
