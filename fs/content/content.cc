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

// What decoders may hold beside the cache, as a part of it.
constexpr std::size_t decoder_share = 4;

CacheKey key_of(CacheKind kind, std::uint32_t number) { return {.kind = kind, .number = number}; }

Result<SharedBytes> shared(Result<ByteString> bytes) {
  if (!bytes) return std::unexpected(std::move(bytes).error());
  return std::make_shared<const ByteString>(*std::move(bytes));
}

}  // namespace

Content::Content(const store::Snapshot& index, archive::Source source, std::size_t cache_size)
    : index_(index),
      cache_(cache_size),
      streams_(index, std::move(source), cache_, cache_size / decoder_share) {}

Result<ByteString> Content::message_text(MessageId id, Window window) {
  const auto decode = [this, id]() -> Result<ByteString> {
    const store::MessageRecord record = TRY(index_.message(id));
    const std::vector<std::string> sources = TRY(view::sources_of(index_, *record));
    ByteString whole = view::front_of(*record, sources);
    whole += TRY(index_.text(*record));
    return whole;
  };
  const SharedBytes text =
      TRY(cache_.get(key_of(CacheKind::text, id.raw), [&] { return shared(decode()); }));
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
