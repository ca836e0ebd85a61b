// SPDX-License-Identifier: GPL-3.0-or-later
// The fast ways through a body against the rules taken one byte at a time.
#include "index/dkim/body_canonicalizer.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "index/dkim/stretch.h"

namespace leakfs::dkim {
namespace {

class StringSink final : public BodySink {
 public:
  void add(Bytes canonical) override { text += canonical; }

  ByteString text;
};

// In chunks of `cut` bytes.
ByteString canonical(Bytes body, Canonicalization how, std::size_t cut) {
  StringSink sink;
  BodyCanonicalizer canonicalizer(how, sink);
  for (; !body.empty(); body.remove_prefix(std::min(cut, body.size()))) {
    canonicalizer.add(body.substr(0, cut));
  }
  canonicalizer.finish();
  return sink.text;
}

// RFC 6376 §3.4.3, §3.4.4 and RFC 4870 §3.4.2.2, as they say it: line by line.
ByteString expected(Bytes body, Canonicalization how) {
  ByteString out;
  std::size_t text_end = 0;
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    Bytes line = body.substr(0, end);
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    if (end != Bytes::npos && line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t start = out.size();
    for (const char byte : line) {
      const bool is_blank = byte == ' ' || byte == '\t';
      if (how == Canonicalization::nofws && (is_blank || byte == '\r')) continue;
      if (how == Canonicalization::relaxed && is_blank) {
        if (out.size() == start || out.back() != ' ') out += ' ';
        continue;
      }
      out += byte;
    }
    if (how == Canonicalization::relaxed && out.size() > start && out.back() == ' ') out.pop_back();
    const bool is_empty = out.size() == start;
    out += "\r\n";
    if (!is_empty) text_end = out.size();
  }
  out.resize(text_end);
  if (out.empty() && how == Canonicalization::simple) out = "\r\n";
  return out;
}

class EveryCanonicalization : public testing::TestWithParam<Canonicalization> {};
INSTANTIATE_TEST_SUITE_P(BodyCanonicalizer, EveryCanonicalization,
                         testing::Values(Canonicalization::simple, Canonicalization::relaxed,
                                         Canonicalization::nofws));

// All bodies of up to seven of the bytes that matter.
TEST_P(EveryCanonicalization, OfShortBodiesIsByTheRules) {
  constexpr Bytes alphabet = "a \t\r\n";
  for (std::size_t size = 0; size <= 7; ++size) {
    ByteString body(size, alphabet[0]);
    for (bool is_last = false; !is_last;) {
      const ByteString right = expected(body, GetParam());
      ASSERT_EQ(canonical(body, GetParam(), size + 1), right) << testing::PrintToString(body);
      ASSERT_EQ(canonical(body, GetParam(), 1), right) << testing::PrintToString(body);
      is_last = true;
      for (char& byte : body) {
        byte = alphabet[(alphabet.find(byte) + 1) % alphabet.size()];
        if (byte == alphabet[0]) continue;
        is_last = false;
        break;
      }
    }
  }
}

// Stretches, blocks and buffers of every length begin and end at every offset.
TEST_P(EveryCanonicalization, OfLongBodiesIsByTheRulesHoweverCut) {
  std::mt19937 random(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same bodies each time
  for (const std::uint32_t spaces_per_1024 : {0U, 4U, 60U, 500U, 1000U}) {
    ByteString body;
    while (body.size() < 40'000) {
      const char other = static_cast<char>(random() % 256);
      constexpr Bytes spaces = " \t\r\n";
      body += random() % 1024 >= spaces_per_1024 ? other : spaces[random() % spaces.size()];
      if (random() % 100 == 0) body += "\r\n";
    }
    const ByteString right = expected(body, GetParam());
    for (const std::size_t cut : {1, 2, 3, 15, 16, 17, 1000, 8191, 8192, 8193, 50'000}) {
      ASSERT_TRUE(canonical(body, GetParam(), cut) == right) << spaces_per_1024 << ' ' << cut;
    }
  }
}

// That is what DomainKeys asks a body for (RFC 4870 §3.4.2).
TEST_P(EveryCanonicalization, IsBlankIfNothingButTheLastLineEndIsLeft) {
  for (const Bytes body : {"", "\n", "\r\n \r\n", "\r", "\t", " \r", "a", "\r\na\r\n"}) {
    const ByteString left = expected(body, GetParam());
    EXPECT_EQ(is_blank(body, GetParam()), left.empty() || left == "\r\n")
        << testing::PrintToString(body);
  }
}

// What of `text` is copied at once.
ByteString stretch(Bytes text, Canonicalization how) {
  ByteString out(text.size(), '\0');
  out.resize(copy_stretch(text, out.data(), how));
  return out;
}

TEST(Stretch, GoesOverLinesThatAreCanonical) {
  EXPECT_EQ(stretch("ab c\r\n\r\n d\r\n", Canonicalization::relaxed), "ab c\r\n\r\n d");
  EXPECT_EQ(stretch("ab  c \r\n\td\r\n", Canonicalization::simple), "ab  c \r\n\td");
}
TEST(Stretch, EndsBeforeWhatChanges) {
  EXPECT_EQ(stretch("ab\ncd", Canonicalization::simple), "ab");
  EXPECT_EQ(stretch("ab  c", Canonicalization::relaxed), "ab");
  EXPECT_EQ(stretch("ab \r\nc", Canonicalization::relaxed), "ab");
  EXPECT_EQ(stretch("ab\tc", Canonicalization::relaxed), "ab");
}
TEST(Stretch, EndsBeforeTheFirstChangeOfManyBlocks) {
  for (std::size_t at = 1; at < 100; ++at) {
    ByteString text(130, 'x');
    text[at] = text[at + 7] = '\t';
    EXPECT_EQ(stretch(text, Canonicalization::relaxed), Bytes(text).substr(0, at));
  }
}

}  // namespace
}  // namespace leakfs::dkim
