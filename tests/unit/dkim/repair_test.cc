// SPDX-License-Identifier: GPL-3.0-or-later
// Each repair by itself: what it undoes, and where there is nothing to undo.
#include "index/dkim/repair.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leakfs::dkim {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;

constexpr auto absent = std::nullopt;

TEST(LeadingLine, IsTakenOffOnce) {
  EXPECT_THAT(without_leading_line("\r\ntext\r\n"), Optional(Bytes("text\r\n")));
  EXPECT_THAT(without_leading_line("\ntext\n"), Optional(Bytes("text\n")));
  EXPECT_THAT(without_leading_line("\r\n\r\ntext"), Optional(Bytes("\r\ntext")));
  EXPECT_THAT(without_leading_line("\n"), Optional(Bytes("")));
}
TEST(LeadingLine, HasToBeEmptyAndThere) {
  for (const Bytes body : {"", "text\r\n", " \r\ntext", "\rtext", "\r"}) {
    EXPECT_EQ(without_leading_line(body), absent) << body;
  }
}

TEST(DoubleCr, BecomesOneBeforeEachLineEnd) {
  EXPECT_THAT(without_double_cr("a\r\r\nb\r\r\n"), Optional(ByteString("a\r\nb\r\n")));
  EXPECT_THAT(without_double_cr("\r\r\n\r\r\na"), Optional(ByteString("\r\n\r\na")));
  EXPECT_THAT(without_double_cr("a\r\nb\r\r\nc\nd"), Optional(ByteString("a\r\nb\r\nc\nd")));
  EXPECT_THAT(without_double_cr("a\r\r\r\n"), Optional(ByteString("a\r\r\n")));
}
TEST(DoubleCr, CountsBeforeALineFeedOnly) {
  for (const Bytes body : {"", "a\r\nb\r\n", "a\nb\n", "a\r\rb\r\n", "a\r\r", "\n\r\r"}) {
    EXPECT_EQ(without_double_cr(body), absent) << body;
  }
}

struct Unquoting {
  Bytes body;
  std::optional<ByteString> all;     // one ">" off ">...>From "
  std::optional<ByteString> single;  // only off ">From "
};

TEST(FromQuoting, IsTakenOffAsTheTwoKindsOfMboxPutIt) {
  const std::vector<Unquoting> cases = {
      {">From here\r\nto\r\n", "From here\r\nto\r\n", "From here\r\nto\r\n"},
      {"a\n>From here\nb\n>From there\n", "a\nFrom here\nb\nFrom there\n",
       "a\nFrom here\nb\nFrom there\n"},
      {">From here", "From here", "From here"},
      {">>From here\r\n>From there\r\n", ">From here\r\nFrom there\r\n",
       ">>From here\r\nFrom there\r\n"},
      {"a\r\n>>>From here", "a\r\n>>From here", absent},
      {">From \r\n", "From \r\n", "From \r\n"},
  };
  for (const Unquoting& unquoting : cases) {
    EXPECT_EQ(without_from_quoting(unquoting.body), unquoting.all) << unquoting.body;
    EXPECT_EQ(without_single_from_quoting(unquoting.body), unquoting.single) << unquoting.body;
  }
}
TEST(FromQuoting, IsOfThatWordAtTheStartOfALineOnly) {
  for (const Bytes body : {"", "From here\r\n", ">Fromage\r\n", ">From\r\n", "> From here\r\n",
                           " >From here\r\n", "a >From here\r\n", ">from here\r\n", ">>>", ">"}) {
    EXPECT_EQ(without_from_quoting(body), absent) << body;
    EXPECT_EQ(without_single_from_quoting(body), absent) << body;
  }
}

TEST(DotStuffing, IsOneDotOffEachLineThatHasTwo) {
  EXPECT_THAT(without_dot_stuffing("..a\r\nb\r\n...\r\n"),
              Optional(ByteString(".a\r\nb\r\n..\r\n")));
  EXPECT_THAT(without_dot_stuffing("a\n..\nb\n"), Optional(ByteString("a\n.\nb\n")));
  EXPECT_THAT(without_dot_stuffing(".."), Optional(ByteString(".")));
}
TEST(DotStuffing, IsNotADotAloneNorWithinALine) {
  for (const Bytes body : {"", ".", ".\r\n", ".a\r\n", "a..\r\n", " ..\r\n", "a\r\n.\r\n"}) {
    EXPECT_EQ(without_dot_stuffing(body), absent) << body;
  }
}

// What windows-1252 has at 0x80 to 0x9f, in order; five of the places are empty.
constexpr Bytes special_utf8 = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";
constexpr Bytes special_1252 =
    "\x80\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8e\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a"
    "\x9b\x9c\x9e\x9f";

TEST(Transcoding, GoesBothWays) {
  EXPECT_THAT(utf8_to_latin1("déjà vu\r\n"), Optional(ByteString("d\xe9j\xe0 vu\r\n")));
  EXPECT_THAT(latin1_to_utf8("d\xe9j\xe0 vu\r\n"), Optional(ByteString("déjà vu\r\n")));
  EXPECT_THAT(utf8_to_latin1(special_utf8), Optional(ByteString(special_1252)));
  EXPECT_THAT(latin1_to_utf8(special_1252), Optional(ByteString(special_utf8)));
}
// The places that windows-1252 leaves empty are the control characters of Latin-1.
TEST(Transcoding, OfEveryByteComesBackTheSame) {
  for (int byte = 0; byte < 256; ++byte) {
    const ByteString text = {'a', '\xe9', static_cast<char>(byte), '\0', 'z'};
    const std::optional<ByteString> utf8 = latin1_to_utf8(text);
    ASSERT_TRUE(utf8) << byte;
    EXPECT_THAT(utf8_to_latin1(*utf8), Optional(text)) << byte;
  }
  EXPECT_THAT(latin1_to_utf8("\x81"), Optional(ByteString("\xc2\x81")));
}
TEST(Transcoding, OfAsciiIsNone) {
  for (const Bytes text : {"", "plain\r\n", "\x7f\t\x01"}) {
    EXPECT_EQ(utf8_to_latin1(text), absent);
    EXPECT_EQ(latin1_to_utf8(text), absent);
  }
}
TEST(Transcoding, NeedsEveryCharacterToBeInWindows1252) {
  for (const Bytes text : {"é ł", "é 漢", "é \xf0\x9f\x98\x80", "é \xef\xbf\xbd"}) {
    EXPECT_EQ(utf8_to_latin1(text), absent) << text;
  }
}
TEST(Transcoding, NeedsUtf8ToBeValid) {
  for (const Bytes text : {"\xe9", "é \xe9t", "é\xc3", "\xc0\xaf", "\xed\xa0\x80", "\x80"}) {
    EXPECT_EQ(utf8_to_latin1(text), absent) << testing::PrintToString(text);
  }
}

std::vector<ByteString> ways_without_meta(Bytes body) {
  std::vector<ByteString> forms;
  for (unsigned nth = 0; nth < 4; ++nth) {
    if (std::optional<ByteString> form = without_meta(body, nth)) forms.push_back(*form);
  }
  return forms;
}

constexpr const char* plain_meta =
    "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">";
constexpr const char* quoted_meta =
    "<meta http-equiv=3D\"Content-Type\" content=3D\"text/html; charset=3Dutf-=\r\n8\">";

TEST(Meta, IsTakenOffWhereverItWasPut) {
  for (const std::string meta : {plain_meta, quoted_meta}) {
    EXPECT_THAT(ways_without_meta("<head>\r\n" + meta + "\r\n<b>x"), Contains("<head>\r\n<b>x"));
    EXPECT_THAT(ways_without_meta("<head>\n" + meta + "\n<b>x"), Contains("<head>\n<b>x"));
    EXPECT_THAT(ways_without_meta("<head>\r\n" + meta + "<b>x"), Contains("<head><b>x"));
    EXPECT_THAT(ways_without_meta("<head>\n" + meta + "<b>x"), Contains("<head><b>x"));
    EXPECT_THAT(ways_without_meta("<head>" + meta + "<b>x"), Contains("<head><b>x"));
    EXPECT_THAT(ways_without_meta("<head>=\r\n" + meta + "=\r\n<b>x"), Contains("<head>=\r\n<b>x"));
    EXPECT_THAT(ways_without_meta("<head>=\n" + meta + "=\n<b>x"), Contains("<head>=\n<b>x"));
    EXPECT_THAT(ways_without_meta(meta), ElementsAre(""));
  }
  EXPECT_THAT(ways_without_meta("<META HTTP-EQUIV=\"content-TYPE\" content=\"a\">x"),
              Contains("x"));
}
TEST(Meta, OfSeveralIsTheFirst) {
  const std::string body = std::string("a") + plain_meta + "b" + plain_meta + "c";
  EXPECT_THAT(ways_without_meta(body), ElementsAre(std::string("ab") + plain_meta + "c"));
  const std::string other = "<meta name=\"viewport\" content=\"width=1\">";
  EXPECT_THAT(ways_without_meta(other + plain_meta + "x"), ElementsAre(other + "x"));
}
TEST(Meta, HasToBeThatOneAndWhole) {
  for (const Bytes body :
       {"", "<", "<meta", "<meta http-equiv=", "<meta http-equiv=\"Refresh\" content=\"1\">",
        "<metahttp-equiv=\"Content-Type\">", "meta http-equiv=\"Content-Type\">",
        "<meta http-equiv=\"Content-Type\" content=\"text/html\" "}) {
    EXPECT_THAT(ways_without_meta(body), IsEmpty()) << body;
  }
}
TEST(Meta, HasAtMost512Bytes) {
  const std::string start = "<meta http-equiv=\"Content-Type\" content=\"";
  const std::string end = "\">";
  const auto of_size = [&](std::size_t size) {
    return start + std::string(size - start.size() - end.size(), 'x') + end;
  };
  EXPECT_THAT(ways_without_meta(of_size(512) + "rest"), ElementsAre("rest"));
  EXPECT_THAT(ways_without_meta(of_size(513) + "rest"), IsEmpty());
}

TEST(Footer, IsWhatIsBelowALineOfTheKindThatListsPut) {
  for (const std::string marker :
       {"_______________________________________________", "-- ", "--", "------------------------",
        "--~--~---------~--~----~------------~-------~--~----~", "==========", "~~~~~~~~~~",
        "**********", "##########", "------------------------ Yahoo! Groups Sponsor ---~-->"}) {
    for (const std::string end : {"\r\n", "\n"}) {
      const std::string text = "text" + end + end;
      const std::string footer = marker + end + "list mailing list" + end;
      EXPECT_THAT(without_footer(text + footer, 0), Optional(Bytes(text))) << marker;
      EXPECT_THAT(without_footer(text + marker, 0), Optional(Bytes(text))) << marker;
    }
  }
}
TEST(Footer, NeedsAMarkerLine) {
  for (const std::string line : {"", "---------", "---", "-- x", " -- ", " ----------",
                                 "> ----------", "a----------", "..........", "+++++++++++"}) {
    EXPECT_EQ(without_footer("text\r\n" + line + "\r\nbelow\r\n", 0), absent) << line;
  }
  EXPECT_EQ(without_footer("", 0), absent);
}
TEST(Footer, OfSeveralMarkersIsCountedFromBelow) {
  const Bytes body = "a\r\n-- \r\nb\r\n----------\r\nc\r\n==========\r\n";
  EXPECT_THAT(without_footer(body, 0), Optional(Bytes("a\r\n-- \r\nb\r\n----------\r\nc\r\n")));
  EXPECT_THAT(without_footer(body, 1), Optional(Bytes("a\r\n-- \r\nb\r\n")));
  EXPECT_THAT(without_footer(body, 2), Optional(Bytes("a\r\n")));
  EXPECT_EQ(without_footer(body, 3), absent);
}
TEST(Footer, NeedsTextAboveIt) {
  for (const std::string above : {"", "\r\n", "\n\n", " \t\r\n \r\n"}) {
    EXPECT_EQ(without_footer(above + "-- \r\nbelow\r\n", 0), absent);
  }
}
TEST(Footer, HasAtMost8192BytesFromItsMarkerOn) {
  const std::string text = "text\r\n";
  const auto footer_of = [](std::string_view marker, std::size_t size) {
    return std::string(marker) + std::string(size - marker.size(), 'x');
  };
  for (const std::string_view marker : {"-- \r\n", "__________\n"}) {
    EXPECT_THAT(without_footer(text + footer_of(marker, 8192), 0), Optional(Bytes(text)));
    EXPECT_EQ(without_footer(text + footer_of(marker, 8193), 0), absent);
  }
  // All of it on the line of the rule.
  EXPECT_THAT(without_footer(text + footer_of("---------- ", 8192), 0), Optional(Bytes(text)));
  EXPECT_EQ(without_footer(text + footer_of("---------- ", 8193), 0), absent);
}

struct Given {
  Repair repair;
  ByteString body;
  bool unended;
  friend bool operator==(const Given&, const Given&) = default;
};
std::vector<Given> forms_of(Bytes body) {
  std::vector<Given> forms;
  const bool is_stopped = repair_body(body, [&forms](const BodyForm& form) {
    forms.push_back({form.repair, ByteString(form.body), form.unended});
    return false;
  });
  EXPECT_FALSE(is_stopped);
  return forms;
}

TEST(RepairBody, OfAPlainBodyKnowsOnlyItsLastLineEnd) {
  for (const ByteString body : {"", "text\r\n", "text", "two\nlines\n", "From here\r\n.\r\n"}) {
    EXPECT_THAT(forms_of(body), ElementsAre(Given{Repair::last_line_end, body, true}));
  }
}
TEST(RepairBody, GivesEveryFormOnce) {
  const auto repairs_of = [](Bytes body) {
    std::vector<Repair> repairs;
    for (const Given& form : forms_of(body)) repairs.push_back(form.repair);
    return repairs;
  };
  using enum Repair;
  EXPECT_THAT(repairs_of("\r\na"), ElementsAre(last_line_end, leading_line));
  EXPECT_THAT(repairs_of("a\r\r\n"), ElementsAre(last_line_end, cr_cr_lf));
  EXPECT_THAT(repairs_of(">From a"), ElementsAre(last_line_end, from_quoting));
  EXPECT_THAT(repairs_of(">>From a\n>From b"),
              ElementsAre(last_line_end, from_quoting, from_quoting));
  EXPECT_THAT(repairs_of(">>From a"), ElementsAre(last_line_end, from_quoting));
  EXPECT_THAT(repairs_of("..a"), ElementsAre(last_line_end, dot_stuffing));
  EXPECT_THAT(repairs_of("\xe9"), ElementsAre(last_line_end, utf8));
  EXPECT_THAT(repairs_of("é"), ElementsAre(last_line_end, latin1, utf8));
  EXPECT_THAT(repairs_of("a\n-- \nb"), ElementsAre(last_line_end, footer));
}
TEST(RepairBody, TriesTheFourLowestMarkers) {
  std::string body = "text\r\n";
  for (int i = 0; i < 6; ++i) body += "----------\r\n" + std::to_string(i) + "\r\n";
  std::vector<ByteString> footers;
  for (const Given& form : forms_of(body)) {
    if (form.repair == Repair::footer) footers.push_back(form.body);
  }
  ASSERT_EQ(footers.size(), 4U);
  EXPECT_TRUE(footers.front().ends_with("\r\n4\r\n"));
  EXPECT_TRUE(footers.back().ends_with("\r\n1\r\n"));
}
TEST(RepairBody, StopsWhenItIsToldTo) {
  int calls = 0;
  EXPECT_TRUE(repair_body("\r\n..a\r\n-- \r\nb", [&calls](const BodyForm& form) {
    ++calls;
    return form.repair == Repair::dot_stuffing;
  }));
  EXPECT_EQ(calls, 3);
}

TEST(RepairWord, IsOneForEachAndNoneForNone) {
  EXPECT_EQ(word(Repair::none), "");
  std::vector<std::string> words;
  for (int i = 1; i <= static_cast<int>(Repair::fields_on_top); ++i) {
    words.emplace_back(word(static_cast<Repair>(i)));
  }
  EXPECT_THAT(words, AllOf(Each(Not(IsEmpty())), testing::SizeIs(13U)));
  std::ranges::sort(words);
  EXPECT_EQ(std::ranges::adjacent_find(words), words.end());
}

}  // namespace
}  // namespace leakfs::dkim
