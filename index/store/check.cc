// SPDX-License-Identifier: GPL-3.0-or-later
// Reads all that an index holds. The seal covers the tables as bytes; this covers every record's
// form, every frame's checksum, and that numbers point somewhere.
#include <algorithm>

#include <fmt/format.h>

#include "index/store/snapshot.h"

namespace leakfs::store {
namespace {

constexpr std::uint8_t copied_stream = 0;  // archive::StreamKind::copied

Result<void> check_frames(const Snapshot& index,
                          const flatbuffers::Vector<const records::Frame*>* frames,
                          std::uint64_t size_expected) {
  std::uint64_t size = 0;
  if (frames != nullptr) {
    for (const records::Frame* frame : *frames) {
      const ByteString block = TRY(index.block(*frame));
      size += block.size();
    }
  }
  if (size != size_expected) return input_error("blocks are missing");
  return {};
}

Result<void> check_message(const Snapshot& index, MessageId id) {
  const MessageRecord record = TRY(index.message(id));
  const ByteString text = TRY(index.text(*record));
  if (text.size() != record->text_size()) return input_error("its text has another size");
  if (record->sources() == nullptr || record->sources()->size() == 0) {
    return input_error("it has no source");
  }
  for (const records::Source* source : *record->sources()) TRY(index.entry({source->entry()}));
  return {};
}

Result<void> check_attachment(const Snapshot& index, AttachmentId id) {
  const Record<records::AttachmentPlace> place = TRY(index.attachment(id));
  const Record<records::AttachmentPlace> first = TRY(index.attachment({place->first()}));
  if (first->first() != place->first()) return input_error("its first is not the first");
  const MessageRecord message = TRY(index.message({place->message()}));
  if (attachment_of(*message, place->index()) == nullptr) {
    return input_error("its message has no such attachment");
  }
  return {};
}

Result<void> check_attachments(const Snapshot& index, FolderId id, const records::Folder& folder) {
  const IdList<AttachmentId> attachments = TRY(index.attachments_of(id));
  if (attachments.size() != folder.messages()) return input_error("its attachments are miscounted");
  for (std::size_t i = 0; i < attachments.size(); ++i) {
    if (attachments[i].raw >= index.index().attachments()) {
      return input_error("an attachment is unknown");
    }
  }
  return {};
}

Result<void> check_folder(const Snapshot& index, FolderId id) {
  const Record<records::Folder> folder = TRY(index.folder(id));
  if (folder->naming() == records::Naming::attachment) return check_attachments(index, id, *folder);
  const IdList<MessageId> messages = TRY(index.messages_of(id));
  if (messages.size() != folder->messages()) return input_error("its messages are miscounted");
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].raw >= index.index().messages()) return input_error("a message is unknown");
  }
  return {};
}

// Each block of the stretch has a checksum.
Result<void> check_sums(const Snapshot& index, StreamId id, const Stretch& stretch) {
  for (std::uint64_t offset = stretch.begin; offset < stretch.end; offset += block_size) {
    TRY(index.block_sum(id, stretch.begin, offset));
  }
  return {};
}

// Every point's frame, and that the blocks of a copied stream are all of it.
Result<void> check_stream(const Snapshot& index, StreamId id) {
  const Record<records::Stream> stream = TRY(index.stream(id));
  std::uint64_t offset = 0;
  while (offset < stream->length()) {
    const Stretch stretch = TRY(index.stretch(id, offset));
    const std::uint64_t end = std::min(stretch.end, stream->length());
    if (stretch.begin > offset || end <= offset) return input_error("its points are disordered");
    ByteString block;
    if (stretch.frame.length() > 0) block = TRY(index.block(stretch.frame));
    if (stream->kind() != copied_stream) {
      TRY(check_sums(index, id, {.begin = stretch.begin, .end = end}));
    } else if (block.size() != end - stretch.begin) {
      return input_error("blocks are missing");
    }
    offset = end;
  }
  return {};
}

}  // namespace

Result<void> Snapshot::check() const {
  const records::Index& whole = index();
  for (std::uint32_t i = 0; i < whole.messages(); ++i) {
    TRY_WITHIN(fmt::format("message {}", i), check_message(*this, {i}));
  }
  for (std::uint32_t i = 0; i < whole.attachments(); ++i) {
    TRY_WITHIN(fmt::format("attachment {}", i), check_attachment(*this, {i}));
  }
  for (std::uint32_t i = 0; i < whole.folders(); ++i) {
    TRY_WITHIN(fmt::format("folder {}", i), check_folder(*this, {i}));
  }
  for (std::uint32_t i = 0; i < whole.entries(); ++i) {
    TRY_WITHIN(fmt::format("entry {}", i), entry({i}));
    TRY_WITHIN(fmt::format("entry {}", i), children_of({i}));
  }
  for (std::uint32_t i = 0; i < whole.streams(); ++i) {
    TRY_WITHIN(fmt::format("stream {}", i), check_stream(*this, {i}));
  }
  for (const char* name : file_names) {
    const std::optional<Record<records::File>> found = TRY(file(name));
    if (!found) continue;
    TRY_WITHIN(name, check_frames(*this, (*found)->frames(), (*found)->size()));
  }
  return check_readable();
}

}  // namespace leakfs::store
