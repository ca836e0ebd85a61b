// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 6376 §3.2.
#include "index/dkim/tag_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leakfs::dkim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::optional<std::string> tag(Bytes list, Bytes name) {
  const std::optional<TagList> tags = TagList::parse(list);
  if (!tags) return std::nullopt;
  const std::optional<Bytes> value = tags->find(name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

TEST(TagList, WhiteSpaceAroundNamesAndValuesIsNoPartOfThem) {
  EXPECT_EQ(tag("\r\n\ta = 1 ;\r\n b\t=\t2 3 \r\n", "a"), "1");
  EXPECT_EQ(tag("\r\n\ta = 1 ;\r\n b\t=\t2 3 \r\n", "b"), "2 3");
}
TEST(TagList, WhiteSpaceWithinAValueStays) { EXPECT_EQ(tag("b=ab\r\n\tcd", "b"), "ab\r\n\tcd"); }
TEST(TagList, OnlyTheFirstEqualsSignDivides) { EXPECT_EQ(tag("bh=AA==; l=3", "bh"), "AA=="); }
TEST(TagList, AnEmptyValueIsAValue) {
  EXPECT_EQ(tag("p=; v=DKIM1", "p"), "");
  EXPECT_EQ(tag("p=", "p"), "");
}
TEST(TagList, NamesCompareWithCase) {
  EXPECT_EQ(tag("D=a; d=b", "d"), "b");
  EXPECT_EQ(tag("D=a", "d"), std::nullopt);
}
TEST(TagList, ATagIsNotFoundWithinTheValueOfAnother) {
  EXPECT_EQ(tag("z=a; d=b", "b"), std::nullopt);
}
TEST(TagList, ASemicolonMayEndTheList) { EXPECT_EQ(tag("a=1;", "a"), "1"); }

// "if a tag name does occur more than once, the entire tag-list is invalid"
TEST(TagList, ARepeatedTagMakesItNone) { EXPECT_FALSE(TagList::parse("d=a; s=b; d=a")); }
TEST(TagList, APieceWithoutEqualsSignMakesItNone) { EXPECT_FALSE(TagList::parse("a=1; noise")); }
// tag-name = ALPHA *ALNUMPUNC
TEST(TagList, AnIllFormedNameMakesItNone) {
  EXPECT_FALSE(TagList::parse("=1"));
  EXPECT_FALSE(TagList::parse("1a=1"));
  EXPECT_FALSE(TagList::parse("a-b=1"));
  EXPECT_FALSE(TagList::parse("a b=1"));
  EXPECT_FALSE(TagList::parse(Bytes("a\0=1", 4)));
  EXPECT_TRUE(TagList::parse("a_1=1"));
}
TEST(TagList, IsOneUpToTheLimit) {
  std::string list;
  for (std::size_t i = 0; i < tags_max; ++i) list += "a" + std::to_string(i) + "=;";
  EXPECT_TRUE(TagList::parse(list));
  EXPECT_FALSE(TagList::parse(list + "b="));
}

TEST(SplitColons, ItemsAreTrimmedAndInLowerCase) {
  EXPECT_THAT(split_colons("Received : From:\r\n\tTO"), ElementsAre("received", "from", "to"));
  EXPECT_THAT(split_colons(" : :"), IsEmpty());
}
TEST(WithoutFws, EveryBlankAndLineEndGoes) { EXPECT_EQ(without_fws(" a\r\n\tb c\n"), "abc"); }

}  // namespace
}  // namespace leakfs::dkim
