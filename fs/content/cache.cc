// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/content/cache.h"

#include <utility>

namespace leakfs::content {

Result<SharedBytes> Cache::get(CacheKey key, const std::function<Result<ByteString>()>& decode) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
      items_.splice(items_.begin(), items_, found->second);
      return found->second->bytes;
    }
    if (!decoding_.contains(key)) break;
    decoded_.wait(lock);
  }
  const auto in_turn = [&] {
    // Ends whatever becomes of it, with the lock held: a decoder that finds no memory throws.
    struct Turn {
      Cache& cache;
      CacheKey key;
      std::unique_lock<std::mutex>& lock;
      ~Turn() {
        lock.lock();
        cache.decoding_.erase(key);
        cache.decoded_.notify_all();
      }
    };
    decoding_.insert(key);
    const Turn turn{*this, key, lock};
    lock.unlock();
    return decode();
  };
  Result<ByteString> decoded = in_turn();
  if (!decoded) return std::unexpected(std::move(decoded).error());
  auto bytes = std::make_shared<const ByteString>(std::move(*decoded));
  insert(key, bytes);
  return bytes;
}

void Cache::insert(CacheKey key, const SharedBytes& bytes) {
  items_.push_front({key, bytes});
  by_key_[key] = items_.begin();
  size_ += bytes->size();
  // The newest stays whatever its size, or reading it in pieces would decode it for each.
  while (size_ > size_max_ && items_.size() > 1) {
    size_ -= items_.back().bytes->size();
    by_key_.erase(items_.back().key);
    items_.pop_back();
  }
}

}  // namespace leakfs::content
