// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/base/hex.h"

#include <gtest/gtest.h>

namespace leakfs {
namespace {

TEST(Hex, BytesAreTwoLowerCaseDigitsEach) {
  EXPECT_EQ(to_hex(Bytes("\x00\x0f\xa0\xff", 4)), "000fa0ff");
  EXPECT_EQ(to_hex(Bytes()), "");
}
TEST(Hex, ANumberIsSixteenDigits) {
  EXPECT_EQ(to_hex(std::uint64_t{0}), "0000000000000000");
  EXPECT_EQ(to_hex(std::uint64_t{0x1a2b3c4d5e6f7a8b}), "1a2b3c4d5e6f7a8b");
  EXPECT_EQ(to_hex(UINT64_MAX), "ffffffffffffffff");
}
TEST(Hex, ANumberIsReadAsItIsWritten) {
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1} << 63, UINT64_MAX}) {
    EXPECT_EQ(from_hex(to_hex(number)), number);
  }
}
TEST(Hex, AnythingElseThanSixteenLowerCaseDigitsIsNoNumber) {
  for (const char* text : {"", "0", "1a2b3c4d5e6f7a8", "1a2b3c4d5e6f7a8b0", "1A2B3C4D5E6F7A8B",
                           "1a2b3c4d5e6f7a8g", "0x2b3c4d5e6f7a8b", " a2b3c4d5e6f7a8b",
                           "-a2b3c4d5e6f7a8b", "1a2b3c4d5e6f7a8`", "1a2b3c4d5e6f7a8:"}) {
    EXPECT_EQ(from_hex(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace leakfs
