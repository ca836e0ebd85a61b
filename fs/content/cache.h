// SPDX-License-Identifier: GPL-3.0-or-later
// Decoded bytes that will be wanted again: the least recently used go first.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "index/base/bytes.h"
#include "index/base/error.h"

namespace leakfs::content {

enum class CacheKind : std::uint8_t {
  text,        // of a message
  evidence,    // of a message
  attachment,  // decoded as a whole
  file,        // a block of a file
  stream,      // a block of a stream
};

// What a piece of content is.
struct CacheKey {
  CacheKind kind = CacheKind::text;
  std::uint32_t number = 0;  // of the message, file or stream
  std::uint64_t offset = 0;  // of a block
  friend bool operator==(const CacheKey&, const CacheKey&) = default;
};
struct CacheKeyHasher {
  std::size_t operator()(const CacheKey& key) const;
};

// Keeps the bytes alive for a reader even when they have left the cache.
using SharedBytes = std::shared_ptr<const ByteString>;

// Bounded by bytes, but for one item that is larger than all of it. Safe from several threads;
// content that several want is decoded once.
class Cache {
 public:
  explicit Cache(std::size_t size_max) : size_max_(size_max) {}

  // The content of that key; `decode` makes it where it is not here, without the lock held. An
  // error is not remembered.
  Result<SharedBytes> get(CacheKey key, const std::function<Result<SharedBytes>()>& decode);

  // What is here of that key, or null.
  SharedBytes find(CacheKey key);
  // Keeps bytes that were decoded on the way to others.
  void put(CacheKey key, const SharedBytes& bytes);

 private:
  struct Item {
    CacheKey key;
    SharedBytes bytes;
  };

  // With the lock held.
  SharedBytes touch(CacheKey key);
  void insert(CacheKey key, const SharedBytes& bytes);

  const std::size_t size_max_;
  std::mutex mutex_;  // guards all below
  std::condition_variable decoded_;
  std::list<Item> items_;  // most recently used first
  std::unordered_map<CacheKey, std::list<Item>::iterator, CacheKeyHasher> by_key_;
  std::unordered_set<CacheKey, CacheKeyHasher> decoding_;
  std::size_t size_ = 0;
};

}  // namespace leakfs::content
