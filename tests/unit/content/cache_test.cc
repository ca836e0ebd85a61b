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

CacheKey key_of(std::uint32_t number) { return {.kind = CacheKind::text, .number = number}; }

Result<SharedBytes> shared(ByteString bytes) {
  return std::make_shared<const ByteString>(std::move(bytes));
}

// Counts how often content was decoded.
struct Decoder {
  int count = 0;
  SharedBytes get(Cache& cache, std::uint32_t number, std::size_t size = 10) {
    const Result<SharedBytes> bytes = cache.get(key_of(number), [&] {
      ++count;
      return shared(ByteString(size, static_cast<char>('a' + number % 26)));
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
  for (std::uint32_t key = 0; key < 10; ++key) decoder.get(cache, key);
  for (std::uint32_t key = 0; key < 10; ++key) decoder.get(cache, key);
  EXPECT_EQ(decoder.count, 10);
  decoder.get(cache, 10);  // drives out 0
  for (std::uint32_t key = 1; key <= 10; ++key) decoder.get(cache, key);
  EXPECT_EQ(decoder.count, 11);
  decoder.get(cache, 0);
  EXPECT_EQ(decoder.count, 12);
}
TEST(Cache, TheLeastRecentlyUsedGoesFirst) {
  Cache cache(30);
  Decoder decoder;
  for (const std::uint32_t key : {1U, 2U, 3U}) decoder.get(cache, key);
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
  for (const std::uint32_t key : {2U, 3U, 4U}) decoder.get(cache, key);
  EXPECT_EQ(*bytes, "bbbbbbbbbb");
}
TEST(Cache, WhatWasDecodedOnTheWayIsFound) {
  Cache cache(100);
  EXPECT_EQ(cache.find(key_of(1)), nullptr);
  const SharedBytes bytes = *shared("by the way");
  cache.put(key_of(1), bytes);
  EXPECT_EQ(cache.find(key_of(1)), bytes);
  Decoder decoder;
  EXPECT_EQ(decoder.get(cache, 1), bytes);
  EXPECT_EQ(decoder.count, 0);
}
TEST(Cache, KeysDifferInEachPart) {
  Cache cache(1000);
  const CacheKey keys[] = {{CacheKind::text, 1, 0},
                           {CacheKind::file, 1, 0},
                           {CacheKind::file, 2, 0},
                           {CacheKind::file, 1, 1},
                           {CacheKind::file, 1, 1ULL << 32}};
  for (const CacheKey& key : keys) {
    EXPECT_EQ(cache.find(key), nullptr);
    cache.put(key, *shared("x"));
  }
}
TEST(Cache, AnErrorIsNotRemembered) {
  Cache cache(100);
  const auto failing = []() -> Result<SharedBytes> { return input_error("damaged"); };
  EXPECT_EQ(cache.get(key_of(1), failing).error().text, "damaged");
  Decoder decoder;
  decoder.get(cache, 1);
  EXPECT_EQ(decoder.count, 1);
}
// Decoding hostile content may find no memory. Nobody must wait for it then.
TEST(Cache, AnExceptionIsNotRemembered) {
  Cache cache(100);
  const auto throwing = []() -> Result<SharedBytes> { throw std::bad_alloc(); };
  EXPECT_THROW(EXPECT_FALSE(cache.get(key_of(1), throwing)), std::bad_alloc);
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
      for (std::uint32_t key = 0; key < 50; ++key) {
        const Result<SharedBytes> bytes = cache.get(key_of(key), [&] {
          ++decoded;
          std::this_thread::yield();
          return shared(std::to_string(key));
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
      const Result<SharedBytes> bytes = cache.get(key_of(1), []() -> Result<SharedBytes> {
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
