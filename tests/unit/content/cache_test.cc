// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/content/cache.h"

#include <atomic>
#include <latch>
#include <new>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace leakfs::content {
namespace {

// Counts how often content was decoded.
struct Decoder {
  int count = 0;
  SharedBytes get(Cache& cache, CacheKey key, std::size_t size = 10) {
    const Result<SharedBytes> bytes = cache.get(key, [&]() -> Result<ByteString> {
      ++count;
      return ByteString(size, static_cast<char>('a' + key % 26));
    });
    EXPECT_TRUE(bytes);
    EXPECT_EQ((*bytes)->size(), size);
    return *bytes;
  }
};

TEST(Cache, ContentIsDecodedOnce) {
  Cache cache(1000);
  Decoder decoder;
  const SharedBytes first = decoder.get(cache, 1);
  EXPECT_EQ(decoder.get(cache, 1), first);
  EXPECT_EQ(*first, "bbbbbbbbbb");
  EXPECT_EQ(decoder.count, 1);
  decoder.get(cache, 2);
  EXPECT_EQ(decoder.count, 2);
}
TEST(Cache, HoldsItsSizeAndNoMore) {
  Cache cache(100);
  Decoder decoder;
  for (CacheKey key = 0; key < 10; ++key) decoder.get(cache, key);
  for (CacheKey key = 0; key < 10; ++key) decoder.get(cache, key);
  EXPECT_EQ(decoder.count, 10);
  decoder.get(cache, 10);  // drives out 0
  for (CacheKey key = 1; key <= 10; ++key) decoder.get(cache, key);
  EXPECT_EQ(decoder.count, 11);
  decoder.get(cache, 0);
  EXPECT_EQ(decoder.count, 12);
}
TEST(Cache, TheLeastRecentlyUsedGoesFirst) {
  Cache cache(30);
  Decoder decoder;
  for (const CacheKey key : {1, 2, 3}) decoder.get(cache, key);
  decoder.get(cache, 1);
  decoder.get(cache, 4);  // drives out 2
  decoder.get(cache, 1);
  decoder.get(cache, 3);
  EXPECT_EQ(decoder.count, 4);
  decoder.get(cache, 2);
  EXPECT_EQ(decoder.count, 5);
}
// Or reading it in pieces would decode it for each.
TEST(Cache, TheNewestStaysHoweverLargeItIs) {
  Cache cache(100);
  Decoder decoder;
  decoder.get(cache, 1);
  decoder.get(cache, 2, 1000);
  decoder.get(cache, 2, 1000);
  EXPECT_EQ(decoder.count, 2);
  decoder.get(cache, 3);  // drives it out
  decoder.get(cache, 2, 1000);
  EXPECT_EQ(decoder.count, 4);
}
TEST(Cache, BytesOutliveTheirPlaceInIt) {
  Cache cache(20);
  Decoder decoder;
  const SharedBytes bytes = decoder.get(cache, 1);
  for (const CacheKey key : {2, 3, 4}) decoder.get(cache, key);
  EXPECT_EQ(*bytes, "bbbbbbbbbb");
}
TEST(Cache, AnErrorIsNotRemembered) {
  Cache cache(100);
  const auto failing = []() -> Result<ByteString> { return input_error("damaged"); };
  EXPECT_EQ(cache.get(1, failing).error().text, "damaged");
  Decoder decoder;
  decoder.get(cache, 1);
  EXPECT_EQ(decoder.count, 1);
}
// Decoding hostile content may find no memory. Nobody must wait for it then.
TEST(Cache, AnExceptionIsNotRemembered) {
  Cache cache(100);
  const auto throwing = []() -> Result<ByteString> { throw std::bad_alloc(); };
  EXPECT_THROW(EXPECT_FALSE(cache.get(1, throwing)), std::bad_alloc);
  Decoder decoder;
  decoder.get(cache, 1);
  EXPECT_EQ(decoder.count, 1);
}

TEST(Cache, ContentThatSeveralThreadsWantIsDecodedOnce) {
  constexpr int threads_count = 8;
  Cache cache(1'000'000);
  std::atomic<int> decoded = 0;
  std::latch start(threads_count);
  std::vector<std::jthread> threads;
  for (int i = 0; i < threads_count; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      for (CacheKey key = 0; key < 50; ++key) {
        const Result<SharedBytes> bytes = cache.get(key, [&]() -> Result<ByteString> {
          ++decoded;
          std::this_thread::yield();
          return std::to_string(key);
        });
        EXPECT_EQ(**bytes, std::to_string(key));
      }
    });
  }
  threads.clear();
  EXPECT_EQ(decoded, 50);
}
TEST(Cache, AnErrorWakesThoseThatWait) {
  constexpr int threads_count = 4;
  Cache cache(100);
  std::atomic<int> failed = 0;
  std::latch start(threads_count);
  std::vector<std::jthread> threads;
  for (int i = 0; i < threads_count; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      const Result<SharedBytes> bytes = cache.get(1, []() -> Result<ByteString> {
        std::this_thread::yield();
        return input_error("damaged");
      });
      if (!bytes) ++failed;
    });
  }
  threads.clear();
  EXPECT_EQ(failed, threads_count);
}

}  // namespace
}  // namespace leakfs::content
