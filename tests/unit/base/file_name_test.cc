// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/base/file_name.h"

#include <gtest/gtest.h>

namespace leakfs {
namespace {

TEST(FileName, IsAnyTextThatStaysOnItsLine) {
  for (const char* name : {"a", "..a", "a b", "grüße.eml", "日本", "-rf", "~"}) {
    EXPECT_TRUE(is_file_name(name)) << name;
  }
  EXPECT_TRUE(is_file_name(std::string(255, 'a')));
}
TEST(FileName, IsNothingThatTheKernelRefuses) {
  for (const Bytes name : {Bytes(""), Bytes("."), Bytes(".."), Bytes("a/b"), Bytes("a\0b", 3)}) {
    EXPECT_FALSE(is_file_name(name)) << name;
  }
  EXPECT_FALSE(is_file_name(std::string(256, 'a')));
}
TEST(FileName, IsNothingThatDrivesATerminal) {
  for (const Bytes name : {"a\nb", "a\x1b[2J", "a\x7f", "a\xc2\x9b", "\xe2\x80\xae", "\xff",
                           "a\xc3", "\xef\xbb\xbf"}) {
    EXPECT_FALSE(is_file_name(name)) << name;
  }
}

}  // namespace
}  // namespace leakfs
