// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/fingerprint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/base/hex.h"
#include "tests/unit/scratch.h"

namespace leakfs::archive {
namespace {

using testing::HasSubstr;
using testing::Optional;

class FingerprintOf : public testing::Test {
 protected:
  Fingerprint of(Bytes content) const {
    const Result<File> file = File::open(scratch_.write("leak", content));
    const Result<Fingerprint> found = fingerprint(*file);
    EXPECT_TRUE(found);
    return *found;
  }

  // What differs when the byte at `at` of a file of zeros is another.
  std::optional<std::string> changed(std::size_t at) const {
    ByteString content(size, '\0');
    const Fingerprint was = of(content);
    content.at(at) = 'x';
    return difference(was, of(content));
  }

  static constexpr std::size_t size = 4 << 20;
  Scratch scratch_;
};

TEST_F(FingerprintOf, TheSameBytesIsTheSame) {
  EXPECT_EQ(difference(of("abc"), of("abc")), std::nullopt);
}
TEST_F(FingerprintOf, AnEmptyFileIsItsSizeAndTheHashOfNothing) {
  const Fingerprint empty = of("");
  EXPECT_EQ(empty.size, 0U);
  EXPECT_EQ(to_hex(empty.edges),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
TEST_F(FingerprintOf, AnotherSizeIsNamedFirst) {
  EXPECT_THAT(difference(of("abc"), of("abcd")), Optional(HasSubstr("4 bytes and was 3")));
}
TEST_F(FingerprintOf, ASmallFileIsCoveredWhole) {
  const std::string content(5000, 'a');
  for (std::size_t at = 0; at < content.size(); at += 499) {
    std::string other = content;
    other[at] = 'b';
    EXPECT_NE(difference(of(content), of(other)), std::nullopt) << at;
  }
}
TEST_F(FingerprintOf, ALargeFileIsCoveredAtBothEnds) {
  for (const std::size_t at :
       {std::size_t{0}, (std::size_t{1} << 20) - 1, size - (1 << 20), size - 1}) {
    EXPECT_THAT(changed(at), Optional(HasSubstr("start or end"))) << at;
  }
}
// 64 blocks of 4 KiB at equal distances: of 4 MiB the first begins at 1/65.
TEST_F(FingerprintOf, ALargeFileIsCoveredAtItsSamples) {
  constexpr std::size_t distance = size / 65;
  EXPECT_THAT(changed(30 * distance), Optional(HasSubstr("middle")));
  EXPECT_THAT(changed(30 * distance + 4095), Optional(HasSubstr("middle")));
  EXPECT_EQ(changed(30 * distance + 4096), std::nullopt);
}

}  // namespace
}  // namespace leakfs::archive
