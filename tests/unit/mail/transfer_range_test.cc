// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/transfer_range.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace leakfs::mail {
namespace {

std::string bytes_of_size(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 37 + i / 7);
  return bytes;
}

// Base64 in lines of that many characters; the last one has a line end too.
std::string in_lines(Bytes decoded, std::size_t line_size, Bytes line_end) {
  const std::string code = encode_base64(decoded);
  std::string lines;
  for (std::size_t at = 0; at < code.size(); at += line_size) {
    lines += code.substr(at, line_size);
    lines += line_end;
  }
  return lines;
}

TransferLayout layout_of(Bytes encoded, TransferEncoding encoding = TransferEncoding::base64) {
  return transfer_layout(encoded, encoding, decoded_size(encoded, encoding));
}
bool is_regular(Bytes encoded) { return layout_of(encoded).line_size > 0; }

// A window as whoever serves the part reads it.
std::string read(Bytes encoded, const EncodedRange& range, TransferEncoding encoding,
                 std::size_t length) {
  if (range.offset > encoded.size()) return "beyond the part";
  const std::string decoded = decode_transfer(encoded.substr(range.offset, range.length), encoding);
  return decoded.size() < range.skip ? "too short" : decoded.substr(range.skip, length);
}

// Every window of a part that has a layout is what decoding all of it gives.
void expect_every_window(Bytes encoded, TransferEncoding encoding, const std::string& about) {
  const std::string whole = decode_transfer(encoded, encoding);
  const TransferLayout layout = layout_of(encoded, encoding);
  for (std::size_t offset = 0; offset < whole.size(); ++offset) {
    for (std::size_t length = 1; length <= whole.size() - offset; ++length) {
      const auto range = encoded_range(layout, offset, length);
      ASSERT_TRUE(range) << about;
      ASSERT_EQ(read(encoded, *range, encoding, length), whole.substr(offset, length))
          << about << ", bytes " << offset << " to " << offset + length;
    }
  }
}

// RFC 2045 §6.8: at most 76 characters in a line; programs write 60, 72, 76 or all in one.
TEST(RegularBase64, EveryWindowIsFoundAtEveryLineSize) {
  for (const Bytes line_end : {"\n", "\r\n"}) {
    for (const std::size_t line_size : {4, 8, 12, 60, 72, 76, 1000}) {
      for (const std::size_t size : {1, 2, 3, 4, 5, 6, 7, 8, 9, 44, 45, 46, 56, 57, 58, 113, 114}) {
        const std::string encoded = in_lines(bytes_of_size(size), line_size, line_end);
        const std::string about =
            std::to_string(size) + " in lines of " + std::to_string(line_size);
        ASSERT_TRUE(is_regular(encoded)) << about;
        expect_every_window(encoded, TransferEncoding::base64, about);
        // The last line end belongs to the boundary behind the part.
        const std::string bare = encoded.substr(0, encoded.size() - line_end.size());
        ASSERT_TRUE(is_regular(bare)) << about;
        expect_every_window(bare, TransferEncoding::base64, about);
      }
    }
  }
}
TEST(RegularBase64, MayHaveEmptyLinesBehindIt) {
  for (const Bytes tail : {"\n\n", "\r\n\r\n", " \t\n", "==\n", "\n====\n"}) {
    const std::string encoded = in_lines(bytes_of_size(50), 20, "\r\n") + std::string(tail);
    ASSERT_TRUE(is_regular(encoded));
    expect_every_window(encoded, TransferEncoding::base64, "a tail");
  }
}
TEST(RegularBase64, MayLackItsPadding) {
  for (const Bytes encoded : {"Zg", "Zm8", "Zm9vYmFy\nZm8", "Zm9vYmFy\nZg\n"}) {
    ASSERT_TRUE(is_regular(encoded)) << encoded;
    expect_every_window(encoded, TransferEncoding::base64, std::string(encoded));
  }
}
TEST(RegularBase64, ARangeIsNoLongerThanItHasToBe) {
  const TransferLayout layout = layout_of(in_lines(bytes_of_size(100'000), 76, "\r\n"));
  for (const std::uint64_t offset : {0, 1, 2, 56, 57, 50'000}) {
    const auto range = encoded_range(layout, offset, 57);
    EXPECT_LE(range->length, 2 * 78 + 4U);
    EXPECT_LE(range->offset, offset * 78 / 57);
  }
}

// Each of these differs from a regular part by one thing.
TEST(IrregularBase64, IsToldFromRegular) {
  const std::string code = in_lines(bytes_of_size(60), 20, "\n");  // four lines of 20
  ASSERT_TRUE(is_regular(code));
  const auto changed = [&](std::size_t at, std::size_t length, Bytes by) {
    return std::string(code).replace(at, length, by);
  };
  const std::vector<std::pair<const char*, std::string>> parts = {
      {"nothing", ""},
      {"padding alone", "====\n"},
      {"an empty line in front", "\n" + code},
      {"an empty line inside", changed(20, 1, "\n\n")},
      {"the first line longer", changed(0, 0, "Zm9v")},
      {"a line longer", changed(21, 0, "Zm9v")},
      {"a line shorter", changed(21, 4, "")},
      {"the last line longer", changed(63, 0, "Zm9v")},
      {"another line end", changed(41, 1, "\r\n")},
      {"CR alone", changed(41, 1, "\r")},
      {"a blank inside", changed(25, 1, " ")},
      {"a blank at the end of a line", changed(19, 1, " ")},
      {"padding in the middle", changed(27, 2, "==")},
      {"padding at the end of a line", changed(39, 1, "=")},
      {"a byte of no alphabet", changed(5, 1, "\xff")},
      {"NUL", changed(5, 1, Bytes("\0", 1))},
      {"the alphabet of RFC 4648 §5", changed(5, 1, "_")},
      {"text behind it", code + "\nA list's footer\n"},
      {"lines of no full groups", in_lines(bytes_of_size(60), 18, "\n")},
      {"one digit too many", "Zm9vYmFy\nZ"},
      {"one digit hiding another character", "Zm 9\nY"},
  };
  for (const auto& [what, part] : parts) {
    EXPECT_FALSE(is_regular(part)) << what;
    EXPECT_FALSE(encoded_range(layout_of(part), 0, 1)) << what;
  }
}
// Whatever is taken for regular has to be read right.
TEST(IrregularBase64, NoDamageMakesAWindowWrong) {
  std::mt19937 random(1);
  const Bytes characters("A=\n\r -/\0", 8);
  std::size_t regular = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string part = in_lines(bytes_of_size(random() % 40), 4 + 4 * (random() % 4),
                                random() % 2 == 0 ? "\n" : "\r\n");
    for (unsigned changes = random() % 3; changes > 0 && !part.empty(); --changes) {
      const std::size_t at = random() % part.size();
      part.replace(at, random() % 2, 1, characters[random() % characters.size()]);
    }
    if (!is_regular(part)) continue;
    ++regular;
    expect_every_window(part, TransferEncoding::base64, part);
  }
  EXPECT_GT(regular, 5000U);
}

TEST(TransferRange, OfIdentityIsTheRangeItself) {
  expect_every_window("From: a\r\n\r\n=3D Zm9v", TransferEncoding::identity, "identity");
}
TEST(TransferRange, OfOtherEncodingsIsUnknown) {
  for (const auto encoding : {TransferEncoding::quoted_printable, TransferEncoding::uuencode}) {
    EXPECT_EQ(layout_of("begin 644 a\n#0V%T\n`\nend\n", encoding).encoding, encoding);
    EXPECT_FALSE(encoded_range(layout_of("a=3D\n", encoding), 0, 1));
  }
}
// An index of somebody else may say anything.
TEST(TransferRange, OfALayoutThatCannotBeIsUnknown) {
  using enum TransferEncoding;
  EXPECT_FALSE(encoded_range({.encoding = base64, .line_size = 76, .line_end_size = 0}, 0, 1));
  EXPECT_FALSE(encoded_range({.encoding = base64, .line_size = 76, .line_end_size = 3}, 0, 1));
  EXPECT_FALSE(encoded_range({.encoding = base64, .line_size = 77, .line_end_size = 1}, 0, 1));
  EXPECT_FALSE(encoded_range({.encoding = static_cast<TransferEncoding>(9)}, 0, 1));
  const TransferLayout longest{.encoding = base64, .line_size = UINT32_MAX - 3, .line_end_size = 2};
  for (const std::uint64_t offset : {std::uint64_t{0}, UINT64_MAX / 2, UINT64_MAX - 100}) {
    EXPECT_LE(encoded_range(longest, offset, 100)->length, 150U);
  }
}

}  // namespace
}  // namespace leakfs::mail
