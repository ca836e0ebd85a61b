// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/html.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace leakfs::mail {
namespace {

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  all.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST(HtmlToText, BlocksStandOnLinesOfTheirOwn) {
  EXPECT_EQ(html_to_text("<html><body>a<div>b</div>c<br>d</body></html>"), "a\nb\nc\nd\n");
}

TEST(HtmlToText, ParagraphsHaveAnEmptyLineBetween) {
  EXPECT_EQ(html_to_text("<p>a<p>b</p>\n<h1>c</h1>"), "a\n\nb\n\nc\n");
}

TEST(HtmlToText, WhiteSpaceIsCollapsedAndInvisibleCharactersGo) {
  EXPECT_EQ(html_to_text("  a \n\t b&nbsp;&nbsp;c d&shy;e&#8203;f  "), "a b c def\n");
}

TEST(HtmlToText, EntitiesAreDecoded) {
  EXPECT_EQ(html_to_text("d&eacute;j&agrave; &lt;b&gt; &#x20AC; &#233; &amp;amp;"),
            "déjà <b> € é &amp;\n");
}

TEST(HtmlToText, ScriptStyleTitleAndCommentsAreDropped) {
  EXPECT_EQ(html_to_text("<title>t</title><style>s</style><script>x<b</script>a<!-- c -->b"),
            "ab\n");
}

TEST(HtmlToText, CellsAreSeparatedByTabs) {
  EXPECT_EQ(html_to_text("<table><tr><td>a</td><td><p>b</p></td></tr><tr><th>c<th>d</table>e"),
            "a\tb\nc\td\ne\n");
}

TEST(HtmlToText, ListsHaveBulletsAndNumbers) {
  EXPECT_EQ(html_to_text("<ul><li>a<li>b<ol><li>c</li><li>d</li></ol></ul>e"),
            "* a\n* b\n  1. c\n  2. d\ne\n");
}

TEST(HtmlToText, QuotesAreMarked) {
  EXPECT_EQ(html_to_text("a<blockquote>b<br>c<blockquote><p>d<p>e</blockquote></blockquote>f"),
            "a\n> b\n> c\n> >\n> > d\n> >\n> > e\n\nf\n");
}

TEST(HtmlToText, PreformattedTextKeepsItsBlanks) {
  EXPECT_EQ(html_to_text("<pre>let x =\n    1\n</pre>a"), "let x =\n    1\na\n");
}

TEST(HtmlToText, LinkTargetIsShownWhereItDiffers) {
  EXPECT_EQ(html_to_text("<a href='https://evil.example/x?a=1&amp;b=2'>your bank</a>."),
            "your bank <https://evil.example/x?a=1&b=2>.\n");
  EXPECT_EQ(html_to_text("<a href='https://example.org/'>example.org</a>"), "example.org\n");
  EXPECT_EQ(html_to_text("<a href='mailto:a@b'>a@b</a> <a href='#top'>up</a>"), "a@b up\n");
}

TEST(HtmlToText, ImageIsItsDescription) {
  EXPECT_EQ(html_to_text("a <img src=x alt='the plan'> b<img src=y>"), "a [the plan] b\n");
}

TEST(HtmlToText, NothingIsNothing) {
  EXPECT_EQ(html_to_text(""), "");
  EXPECT_EQ(html_to_text("<p> &nbsp; </p><br>"), "");
}

TEST(HtmlToText, BrokenMarkupIsText) {
  EXPECT_EQ(html_to_text("a < b & c <> <3"), "a < b & c <> <3\n");
}

// An element too many changes how the text is read, not the text.
TEST(HtmlToText, TextBeyondTheDepthLimitIsKept) {
  for (const std::size_t depth : {html_depth_max - 1, html_depth_max, html_depth_max + 1}) {
    const std::string html = repeated("<div>", depth) + "a&eacute;<p>b" + repeated("</div>", depth);
    EXPECT_EQ(html_to_text(html), "aé\n\nb\n") << depth;
  }
}

TEST(HtmlToText, WithoutATreeTheTextIsTheSame) {
  const std::string html =
      "<p>a &lt;<a href='http://x.example'>b</a></p><ul><li>c</ul><script>d</script>"
      "<blockquote>e</blockquote><table><tr><td>f<td>g</table><textarea>&amp;h</textarea>";
  EXPECT_EQ(html_to_text("<svg></svg>" + html), html_to_text(html));
}

TEST(HtmlToText, MegabyteOfTextIsKeptWhole) {
  const std::string html = repeated("<p>word</p>", 200'000);
  EXPECT_EQ(html_to_text(html).size(), 200'000U * 6 - 1);
}

struct Attack {
  const char* name;
  std::string html;
};

class HtmlAttack : public testing::TestWithParam<Attack> {};

// Each takes minutes, gigabytes or the stack of a tree builder that is given it as it is.
TEST_P(HtmlAttack, EndsSoon) {
  const auto start = std::chrono::steady_clock::now();
  html_to_text(GetParam().html);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

INSTANTIATE_TEST_SUITE_P(
    All, HtmlAttack,
    testing::Values(
        Attack{"NestedDivs", repeated("<div>", 100'000)},
        Attack{"NestedTables", repeated("<table><tr><td>", 100'000)},
        Attack{"DivsHiddenByCells", repeated("<div><table><td></div></td></table>", 20'000)},
        Attack{"NestedQuotes", repeated("<blockquote>x", 100'000)},
        Attack{"FormattingInParagraphs",
               repeated("<b><i><u><s><tt><big><em>", 60) + repeated("<p>x", 200'000)},
        Attack{"FormattingLeftByAdoption",
               repeated("<b a=1>" + repeated("<div>", 9) + "</b>" + repeated("</div>", 9), 5'000)},
        Attack{"Attributes", "<a " + repeated("b c d e f ", 100'000) + ">"},
        Attack{"HugeTable", repeated("<tr><td>x", 100'000)},
        Attack{"FosterParents", "<table>" + repeated("<b>x", 100'000)},
        Attack{"OpenComments", repeated("<!--", 250'000)},
        Attack{"OpenQuotes", repeated("<a b='", 100'000)},
        Attack{"Ampersands", repeated("&&#x", 250'000)},
        Attack{"RawTextEnds", "<textarea>" + repeated("</texta", 150'000)}),
    [](const testing::TestParamInfo<Attack>& attack) { return attack.param.name; });

}  // namespace
}  // namespace leakfs::mail
