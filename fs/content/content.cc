// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/content/content.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "index/mail/mime.h"
#include "index/mail/transfer_range.h"
#include "index/store/heap.h"
#include "index/view/front.h"
#include "index/view/source_path.h"

namespace leakfs::content {
namespace {

// What decoders may hold beside the cache, as a part of it.
constexpr std::size_t decoder_share = 4;

// Of a message that is read whole to show what was signed: no member is larger.
constexpr std::uint64_t evidence_message_max = 4_GiB;

CacheKey key_of(CacheKind kind, std::uint32_t number) { return {.kind = kind, .number = number}; }

Result<SharedBytes> shared(Result<ByteString> bytes) {
  if (!bytes) return std::unexpected(std::move(bytes).error());
  return std::make_shared<const ByteString>(*std::move(bytes));
}

mail::TransferLayout layout_of(const records::Attachment& attachment) {
  return {.encoding = static_cast<mail::TransferEncoding>(attachment.encoding()),
          .line_size = attachment.line_size(),
          .line_end_size = attachment.line_end_size()};
}

}  // namespace

Content::Content(const store::Snapshot& index, archive::Source source, std::size_t cache_size)
    : index_(index),
      cache_(cache_size),
      streams_(index, std::move(source), cache_, cache_size / decoder_share) {}

Result<ByteString> Content::message_text(MessageId id, Window window) {
  const store::MessageRecord record = TRY(index_.message(id));
  const auto decode = [this, &record]() -> Result<ByteString> {
    const std::vector<std::string> sources = TRY(view::sources_of(index_, *record));
    ByteString whole = view::front_of(*record, sources);
    if (whole.size() != record->front_size()) {
      return input_error("the index has a front of another size");
    }
    whole += TRY(index_.text(*record));
    return whole;
  };
  // Whoever has all of it does not ask again: the kernel keeps it.
  const std::uint64_t size = std::uint64_t{record->front_size()} + record->text_size();
  if (window.offset == 0 && window.length >= size) return decode();
  const SharedBytes text =
      TRY(cache_.get(key_of(CacheKind::text, id.raw), [&] { return shared(decode()); }));
  return cut(*text, window);
}

Result<ByteString> Content::message_bytes(MessageId id, Window window) {
  const store::MessageRecord record = TRY(index_.message(id));
  return message_bytes(*record, window);
}

Result<ByteString> Content::message_bytes(const records::Message& message, Window window) {
  return extent(message.sources()->Get(0)->extent(), window);
}

Result<ByteString> Content::attachment(AttachmentId id, Window window) {
  const auto place = TRY(index_.attachment(id));
  const store::MessageRecord message = TRY(index_.message({place->message()}));
  const records::Attachment* attachment = store::attachment_of(*message, place->index());
  if (attachment == nullptr) return input_error("the index lost an attachment");
  const Window inside = within_size(window, attachment->size());
  if (inside.length == 0) return ByteString();
  const mail::TransferLayout layout = layout_of(*attachment);
  // The range in the encoded bytes to the same in the message, decoded.
  const auto decode = [&](Window range) -> Result<ByteString> {
    range = within_size(range, attachment->length());
    range.offset += attachment->offset();
    const ByteString encoded = TRY(message_bytes(*message, range));
    return mail::decode_transfer(encoded, layout.encoding);
  };
  ByteString bytes;
  if (const auto range = mail::encoded_range(layout, inside.offset, inside.length)) {
    const ByteString decoded = TRY(decode({.offset = range->offset, .length = range->length}));
    bytes = cut(decoded, {.offset = range->skip, .length = inside.length});
  } else {
    if (attachment->length() > mail::message_size_max ||
        attachment->size() > mail::message_size_max) {
      return input_error("an attachment is larger than any message that is parsed");
    }
    const auto decode_whole = [&] { return shared(decode({.offset = 0, .length = SIZE_MAX})); };
    const SharedBytes whole = TRY(cache_.get(key_of(CacheKind::attachment, id.raw), decode_whole));
    bytes = cut(*whole, inside);
  }
  if (bytes.size() != inside.length) return input_error("an attachment has another size");
  return bytes;
}

Result<ByteString> Content::evidence(MessageId id, Window window) {
  const auto make = [this, id]() -> Result<ByteString> {
    const store::MessageRecord record = TRY(index_.message(id));
    const std::vector<std::string> sources = TRY(view::sources_of(index_, *record));
    const view::Evidence* maker = TRY(evidence_maker());
    ByteString message;
    // Without a signature nothing is shown of the message.
    if (record->signatures() != nullptr && record->signatures()->size() > 0) {
      if (record->sources()->Get(0)->extent().length() > evidence_message_max) {
        return input_error("a message is larger than any whose signatures are shown");
      }
      message = TRY(message_bytes(id, {.offset = 0, .length = SIZE_MAX}));
    }
    return maker->text(*record, sources, message);
  };
  const SharedBytes text =
      TRY(cache_.get(key_of(CacheKind::evidence, id.raw), [&] { return shared(make()); }));
  return cut(*text, window);
}

Result<const view::Evidence*> Content::evidence_maker() {
  const std::lock_guard lock(evidence_mutex_);
  if (evidence_) return &*evidence_;
  ByteString keys;
  const auto record = TRY(index_.file(store::keys_file_name));
  if (record && (*record)->frames() != nullptr) {
    for (const records::Frame* frame : *(*record)->frames()) keys += TRY(index_.block(*frame));
  }
  return &evidence_.emplace(keys);
}

Result<ByteString> Content::entry(EntryId id, Window window) {
  const store::Record<records::Entry> record = TRY(index_.entry(id));
  if (record->extent() == nullptr) return ByteString();
  return extent(*record->extent(), window);
}

template <typename Frames>
Result<ByteString> Content::blocks(const Frames& frames, CacheKey key, Window window) {
  ByteString bytes;
  while (window.length > 0) {
    const std::uint64_t number = window.offset / store::block_size;
    if (number >= frames.size()) return input_error("the index lost a block");
    const records::Frame* frame = frames.Get(static_cast<flatbuffers::uoffset_t>(number));
    key.offset = number * store::block_size;
    const SharedBytes block = TRY(cache_.get(key, [&] { return shared(index_.block(*frame)); }));
    const ByteString piece =
        cut(*block, {.offset = window.offset % store::block_size, .length = window.length});
    if (piece.empty()) return input_error("a block of the index is short");
    bytes += piece;
    window.offset += piece.size();
    window.length -= piece.size();
  }
  return bytes;
}

Result<ByteString> Content::file(std::size_t number, Window window) {
  const auto record = TRY(index_.file(store::file_names[number]));
  if (!record) return input_error(ENOENT, store::file_names[number]);
  if ((*record)->frames() == nullptr) return ByteString();
  return blocks(*(*record)->frames(), key_of(CacheKind::file, static_cast<std::uint32_t>(number)),
                within_size(window, (*record)->size()));
}

Result<ByteString> Content::extent(const records::Extent& extent, Window window) {
  Window inside = within_size(window, extent.length());
  inside.offset += extent.offset();
  return streams_.read({extent.stream()}, inside);
}

}  // namespace leakfs::content
