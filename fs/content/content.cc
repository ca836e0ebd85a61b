// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/content/content.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "index/store/heap.h"
#include "index/view/front.h"
#include "index/view/source_path.h"

namespace leakfs::content {
namespace {

enum class Kind : std::uint8_t { text = 1, file = 2, stream = 3, evidence = 4 };

CacheKey key_of(Kind kind, std::uint32_t part, std::uint32_t number) {
  return static_cast<CacheKey>(kind) << 56 | static_cast<CacheKey>(part & 0xffffff) << 32 | number;
}

ByteString cut(Bytes whole, Window window) {
  if (window.offset >= whole.size()) return {};
  return ByteString(whole.substr(window.offset, window.length));
}

// The part of the window that lies before `size`.
Window within_size(Window window, std::uint64_t size) {
  if (window.offset >= size) return {};
  window.length = std::min<std::uint64_t>(window.length, size - window.offset);
  return window;
}

}  // namespace

Content::Content(const store::Snapshot& index, archive::Source archive, std::size_t cache_size)
    : index_(index), archive_(std::move(archive)), cache_(cache_size) {}

Result<ByteString> Content::message_text(MessageId id, Window window) {
  const auto decode = [this, id]() -> Result<ByteString> {
    const store::MessageRecord record = TRY(index_.message(id));
    const std::vector<std::string> sources = TRY(view::sources_of(index_, *record));
    ByteString whole = view::front_of(*record, sources);
    whole += TRY(index_.text(*record));
    return whole;
  };
  const SharedBytes text = TRY(cache_.get(key_of(Kind::text, 0, id.raw), decode));
  return cut(*text, window);
}

Result<ByteString> Content::message_bytes(MessageId id, Window window) {
  const store::MessageRecord record = TRY(index_.message(id));
  if (record->sources() == nullptr || record->sources()->size() == 0) {
    return input_error("the message has no source");
  }
  return extent(record->sources()->Get(0)->extent(), window);
}

Result<ByteString> Content::evidence(MessageId id, Window window) {
  const auto make = [this, id]() -> Result<ByteString> {
    const store::MessageRecord record = TRY(index_.message(id));
    const std::vector<std::string> sources = TRY(view::sources_of(index_, *record));
    const view::Evidence* maker = TRY(evidence_maker());
    ByteString message;
    // Without a signature nothing is shown of the message.
    if (record->signatures() != nullptr && record->signatures()->size() > 0) {
      message = TRY(message_bytes(id, {.offset = 0, .length = SIZE_MAX}));
    }
    return maker->text(*record, sources, message);
  };
  const SharedBytes text = TRY(cache_.get(key_of(Kind::evidence, 0, id.raw), make));
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

Result<ByteString> Content::file(std::size_t number, Window window) {
  const auto record = TRY(index_.file(store::file_names[number]));
  if (!record) return input_error(ENOENT, store::file_names[number]);
  if ((*record)->frames() == nullptr) return ByteString();
  return blocks(*(*record)->frames(), key_of(Kind::file, 0, static_cast<std::uint32_t>(number)),
                within_size(window, (*record)->size()));
}

Result<ByteString> Content::extent(const records::Extent& extent, Window window) {
  Window inside = within_size(window, extent.length());
  inside.offset += extent.offset();
  return stream({extent.stream()}, inside);
}

Result<ByteString> Content::stream(StreamId id, Window window) {
  if (window.length == 0) return ByteString();
  const store::Record<records::Stream> record = TRY(index_.stream(id));
  const auto kind = static_cast<archive::StreamKind>(record->kind());
  if (kind == archive::StreamKind::copied) {
    if (record->frames() == nullptr) return input_error("the index lost a stream");
    return blocks(*record->frames(), key_of(Kind::stream, 0, id.raw), window);
  }
  return archive_.read({.kind = kind,
                        .input = record->input(),
                        .offset = record->offset(),
                        .stored_length = record->stored_length(),
                        .length = record->length()},
                       window.offset, window.length);
}

// `key` leaves its part free for the number of the block.
template <typename Frames>
Result<ByteString> Content::blocks(const Frames& frames, CacheKey key, Window window) {
  ByteString bytes;
  while (window.length > 0) {
    const std::uint64_t number = window.offset / store::block_size;
    if (number >= frames.size()) return input_error("the index lost a block");
    const records::Frame* frame = frames.Get(static_cast<flatbuffers::uoffset_t>(number));
    const SharedBytes block =
        TRY(cache_.get(key | number << 32, [&] { return index_.block(*frame); }));
    const ByteString piece =
        cut(*block, {.offset = window.offset % store::block_size, .length = window.length});
    if (piece.empty()) return input_error("a block of the index is short");
    bytes += piece;
    window.offset += piece.size();
    window.length -= piece.size();
  }
  return bytes;
}

}  // namespace leakfs::content
