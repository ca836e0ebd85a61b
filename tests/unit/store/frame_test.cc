// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/frame.h"

#include <thread>

#include <gtest/gtest.h>

namespace leakfs::store {
namespace {

constexpr int level = 3;
constexpr std::uint64_t no_limit = 1 << 30;

ByteString frame_of(Bytes content, Bytes dictionary = {}) {
  ByteString frame;
  FrameEncoder(dictionary, level).append(frame, content);
  return frame;
}

std::vector<std::string> letters() {
  std::vector<std::string> samples;
  for (int i = 0; i < 400; ++i) {
    samples.push_back("Dear Bob " + std::to_string(i) +
                      ",\nthe budget of the campaign is attached, as you asked. " +
                      std::string(100 + i % 7, 'a') + std::to_string(i * i) +
                      "\nYours sincerely,\nAlice Martin\nTreasurer\n");
  }
  return samples;
}

ByteString trained() {
  const std::vector<std::string> samples = letters();
  return train_dictionary({samples.begin(), samples.end()});
}

TEST(Frame, IsDecodedToWhatWasEncoded) {
  const FrameDecoder decoder{Bytes()};
  for (const std::size_t size : {0UL, 1UL, 1000UL, 300'000UL}) {
    const ByteString content(size, 'x');
    EXPECT_EQ(decoder.decode(frame_of(content), no_limit), content);
  }
  EXPECT_EQ(decoder.decode(frame_of(Bytes("a\0\xff", 3)), no_limit), ByteString("a\0\xff", 3));
}
TEST(Frame, OneEncoderMakesManyEndToEnd) {
  FrameEncoder encoder(Bytes(), level);
  ByteString heap;
  encoder.append(heap, "one");
  const std::size_t border = heap.size();
  encoder.append(heap, "two");
  const FrameDecoder decoder{Bytes()};
  EXPECT_EQ(decoder.decode(Bytes(heap).substr(0, border), no_limit), "one");
  EXPECT_EQ(decoder.decode(Bytes(heap).substr(border), no_limit), "two");
  // The length of a frame is kept with its offset; two at once are not one.
  EXPECT_FALSE(decoder.decode(heap, no_limit));
}
TEST(Frame, IsRefusedAboveItsLimit) {
  const FrameDecoder decoder{Bytes()};
  const ByteString frame = frame_of(ByteString(1000, 'x'));
  EXPECT_TRUE(decoder.decode(frame, 1000));
  EXPECT_FALSE(decoder.decode(frame, 999));
}
TEST(Frame, ThatIsDamagedOrCutIsAnErrorOrTheSame) {
  const FrameDecoder decoder{Bytes()};
  const std::string content = letters().front();
  const ByteString frame = frame_of(content);
  for (std::size_t at = 0; at < frame.size(); ++at) {
    EXPECT_FALSE(decoder.decode(Bytes(frame).substr(0, at), no_limit)) << "cut at " << at;
    for (int bit = 0; bit < 8; ++bit) {
      ByteString damaged = frame;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      const Result<ByteString> decoded = decoder.decode(damaged, 1 << 20);
      // Bits that mean nothing may change; what comes out may not.
      EXPECT_TRUE(!decoded || *decoded == content) << "byte " << at << ", bit " << bit;
    }
  }
  EXPECT_FALSE(decoder.decode("", no_limit));
  EXPECT_FALSE(decoder.decode("no frame at all", no_limit));
}
TEST(Frame, OfADictionaryNeedsIt) {
  const ByteString dictionary = trained();
  ASSERT_FALSE(dictionary.empty());
  const std::string content = letters().back();
  const ByteString frame = frame_of(content, dictionary);
  EXPECT_LT(frame.size(), frame_of(content).size() / 2);
  EXPECT_EQ(FrameDecoder(dictionary).decode(frame, no_limit), content);
  EXPECT_FALSE(FrameDecoder(Bytes()).decode(frame, no_limit));
}
TEST(Frame, WithoutADictionaryIsReadByADecoderThatHasOne) {
  EXPECT_EQ(FrameDecoder(trained()).decode(frame_of("plain"), no_limit), "plain");
}
TEST(Frame, OneDecoderServesSeveralThreads) {
  const ByteString dictionary = trained();
  const FrameDecoder decoder(dictionary);
  const std::string content = letters().front();
  const ByteString frame = frame_of(content, dictionary);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        EXPECT_EQ(decoder.decode(frame, no_limit), content);
      }
    });
  }
}

TEST(Dictionary, OfFewSamplesIsNone) {
  EXPECT_EQ(train_dictionary({}), "");
  EXPECT_EQ(train_dictionary({"one", "two"}), "");
  EXPECT_EQ(encode_dictionary(""), "");
}
TEST(Dictionary, OfTheSameSamplesIsTheSame) { EXPECT_EQ(trained(), trained()); }
TEST(Dictionary, IsKeptInAFrame) {
  const ByteString dictionary = trained();
  EXPECT_LE(dictionary.size(), dictionary_size_max);
  EXPECT_EQ(FrameDecoder(Bytes()).decode(encode_dictionary(dictionary), dictionary_size_max),
            dictionary);
}

}  // namespace
}  // namespace leakfs::store
