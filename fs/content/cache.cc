// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/content/cache.h"

#include <utility>

namespace leakfs::content {

std::size_t CacheKeyHasher::operator()(const CacheKey& key) const {
  // Fibonacci hashing: offsets are multiples of large powers of two.
  const std::uint64_t mixed = (static_cast<std::uint64_t>(key.kind) << 56 ^
                               static_cast<std::uint64_t>(key.number) << 24 ^ key.offset) *
                              0x9e3779b97f4a7c15;
  return mixed >> 16;
}

Result<SharedBytes> Cache::get(CacheKey key, const std::function<Result<SharedBytes>()>& decode) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (SharedBytes bytes = touch(key)) return bytes;
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
  Result<SharedBytes> decoded = in_turn();
  if (decoded) insert(key, *decoded);
  return decoded;
}

SharedBytes Cache::find(CacheKey key) {
  const std::lock_guard lock(mutex_);
  return touch(key);
}

void Cache::put(CacheKey key, const SharedBytes& bytes) {
  const std::lock_guard lock(mutex_);
  insert(key, bytes);
}

SharedBytes Cache::touch(CacheKey key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  items_.splice(items_.begin(), items_, found->second);
  return found->second->bytes;
}

void Cache::insert(CacheKey key, const SharedBytes& bytes) {
  if (touch(key)) return;
  // Whole or not at all, if memory lacks.
  std::list<Item> added;
  added.push_front({key, bytes});
  by_key_.emplace(key, added.begin());
  items_.splice(items_.begin(), added);
  size_ += bytes->size();
  // The newest stays whatever its size, or reading it in pieces would decode it for each.
  while (size_ > size_max_ && items_.size() > 1) {
    size_ -= items_.back().bytes->size();
    by_key_.erase(items_.back().key);
    items_.pop_back();
  }
}

}  // namespace leakfs::content
