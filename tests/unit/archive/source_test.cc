// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/source.h"

#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace leakfs::archive {
namespace {

// RFC 1951; Python's zlib made it of 66 times `line`. Its last byte holds the end of the last match
// and of the stream, so that all of it is taken while bytes are still to come.
constexpr std::string_view line = "adbdabddbcbbdcadabcac";
constexpr std::size_t whole_size = 66 * line.size();
constexpr Bytes deflated(
    "\x4b\x4c\x49\x4a\x49\x4c\x4a\x49\x49\x4a\x4e\x4a\x4a\x49\x4e\x04\xb2"
    "\x93\x13\x81\xd4\xa8\xe0\xa8\xe0\xa8\xe0\xa8\xe0\xa8\x20\xd5\x04\x01",
    34);

std::string whole() {
  std::string text;
  while (text.size() < whole_size) text += line;
  return text;
}

class SourceOf : public testing::Test {
 protected:
  // A file with `bytes` at offset 3.
  Source of(Bytes bytes) {
    const std::string path = scratch_.write("leak", std::string("xyz").append(bytes));
    Result<Source> source = Source::open({path});
    EXPECT_TRUE(source);
    return std::move(*source);
  }
  Scratch scratch_;
};

TEST_F(SourceOf, AStoredStreamIsARangeOfTheFile) {
  const Source source = of("hello world");
  const StreamPlan plan{.kind = StreamKind::stored, .offset = 3, .stored_length = 5, .length = 5};
  EXPECT_EQ(source.read(plan, 0, 5), "hello");
  EXPECT_EQ(source.read(plan, 4, 1), "o");
  EXPECT_EQ(source.read(plan, 5, 0), "");
}
TEST_F(SourceOf, ADeflatedStreamCanBeReadFromEveryByte) {
  const Source source = of(deflated);
  const StreamPlan plan{.kind = StreamKind::deflated,
                        .offset = 3,
                        .stored_length = deflated.size(),
                        .length = whole_size};
  for (std::size_t offset = 0; offset < whole_size; ++offset) {
    for (const std::size_t length : {std::size_t{1}, whole_size - offset}) {
      const Result<ByteString> read = source.read(plan, offset, length);
      ASSERT_TRUE(read) << offset << ": " << read.error().text;
      EXPECT_EQ(*read, whole().substr(offset, length));
    }
  }
  EXPECT_EQ(source.read(plan, whole_size, 0), "");
}
TEST_F(SourceOf, NothingIsReadBeyondTheEndOfAStream) {
  const Source source = of("hello world");
  const StreamPlan plan{.kind = StreamKind::stored, .offset = 3, .stored_length = 5, .length = 5};
  EXPECT_FALSE(source.read(plan, 0, 6));
  EXPECT_FALSE(source.read(plan, 6, 0));
  EXPECT_FALSE(source.read(plan, UINT64_MAX, 1));
  EXPECT_FALSE(source.read(plan, 1, SIZE_MAX));
}
TEST_F(SourceOf, ADeflatedStreamThatIsCutOrDamagedIsAnError) {
  StreamPlan plan{.kind = StreamKind::deflated, .offset = 3, .length = whole_size};
  for (std::size_t length = 0; length < deflated.size(); ++length) {
    plan.stored_length = length;
    EXPECT_FALSE(of(deflated).read(plan, 0, whole_size)) << length;
    EXPECT_FALSE(of(deflated).read(plan, whole_size - 1, 1)) << length;
  }
  plan.stored_length = deflated.size();
  EXPECT_FALSE(of(std::string(deflated.size(), '\xff')).read(plan, 0, whole_size));
  // The index promises more than the stream holds.
  plan.length = whole_size + 100;
  EXPECT_FALSE(of(deflated).read(plan, 0, whole_size + 1));
  EXPECT_FALSE(of(deflated).read(plan, whole_size, 1));
}
TEST_F(SourceOf, AnInputThatIsNotThereSaysWhatToDo) {
  const Result<Source> source = Source::open({""});
  ASSERT_TRUE(source);
  const StreamPlan plan{.kind = StreamKind::stored, .stored_length = 5, .length = 5};
  const Result<ByteString> read = source->read(plan, 0, 1);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().hint, "name it with -o archive=FILE");
  EXPECT_FALSE(source->read({.kind = StreamKind::stored, .input = 7, .length = 5}, 0, 1));
}
TEST_F(SourceOf, AFileThatCannotBeOpenedIsAnError) {
  EXPECT_FALSE(Source::open({scratch_.path("absent")}));
}

}  // namespace
}  // namespace leakfs::archive
