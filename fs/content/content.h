// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of everything in the tree, from the heap of the index or from the archive. Where a file
// is in the tree is not known here.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "fs/content/cache.h"
#include "fs/content/streams.h"
#include "fs/content/window.h"
#include "index/archive/source.h"
#include "index/base/error.h"
#include "index/base/ids.h"
#include "index/store/snapshot.h"
#include "index/view/evidence.h"

namespace leakfs::content {

constexpr std::size_t cache_size_default = 64 << 20;

// Safe from several threads. A window beyond the end gives fewer bytes or none.
class Content {
 public:
  // `cache_size` in bytes: what is kept of decoded content.
  Content(const store::Snapshot& index, archive::Source source, std::size_t cache_size);

  // Reads that take long end soon, with an Error; so do all that come after.
  void stop() { streams_.stop(); }

  // The `.txt` and the exact bytes of a message.
  Result<ByteString> message_text(MessageId id, Window window);
  Result<ByteString> message_bytes(MessageId id, Window window);
  // An attachment, decoded.
  Result<ByteString> attachment(AttachmentId id, Window window);
  // What checks a message's signatures again; made from its bytes.
  Result<ByteString> evidence(MessageId id, Window window);
  // A member of archive/.
  Result<ByteString> entry(EntryId id, Window window);
  // One of store::file_names.
  Result<ByteString> file(std::size_t number, Window window);

 private:
  Result<const view::Evidence*> evidence_maker();
  Result<ByteString> message_bytes(const records::Message& message, Window window);
  Result<ByteString> extent(const records::Extent& extent, Window window);
  template <typename Frames>
  Result<ByteString> blocks(const Frames& frames, CacheKey key, Window window);

  const store::Snapshot& index_;
  Cache cache_;
  Streams streams_;
  std::mutex evidence_mutex_;  // guards the making of evidence_, once
  std::optional<view::Evidence> evidence_;
};

}  // namespace leakfs::content
