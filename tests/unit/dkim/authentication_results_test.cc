// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 8601 §2.2 in the form of RFC 8617 §4.1.1, by their grammar.
#include "index/dkim/authentication_results.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/dkim/facts.h"

namespace leakfs::dkim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "method=result" or "method=result/domain" of each result.
std::vector<std::string> results_of(const std::string& behind_host) {
  std::vector<std::string> texts;
  for (const MethodResult& result : parse_arc_results(" i=1; mx.example.net;" + behind_host)) {
    texts.push_back(result.method + "=" + result.result);
    if (!result.domain.empty()) texts.back() += "/" + result.domain;
  }
  return texts;
}

TEST(Results, OfTheAppendixOfRfc8617AreRead) {
  EXPECT_THAT(results_of(" spf=pass smtp.mailfrom=jqd@d1.example;\r\n"
                         "    dkim=pass (1024-bit key) header.i=@d1.example;\r\n"
                         "    dmarc=pass"),
              ElementsAre("spf=pass", "dkim=pass/d1.example", "dmarc=pass"));
  EXPECT_THAT(results_of(" arc=fail;\r\n spf=fail smtp.from=jqd@d1.example;\r\n"
                         " dkim=fail (512-bit key) header.i=@example.org;"),
              ElementsAre("arc=fail", "spf=fail", "dkim=fail/example.org"));
}
TEST(Results, MayHaveBlanksCaseAndAVersion) {
  EXPECT_THAT(results_of("DKIM=Pass Header.D=Example.ORG"), ElementsAre("dkim=pass/example.org"));
  EXPECT_THAT(results_of("\r\n\tdkim = pass\r\n\theader.d = a.example ;"),
              ElementsAre("dkim=pass/a.example"));
  EXPECT_THAT(results_of("dkim/1=pass"), ElementsAre("dkim=pass"));
  EXPECT_THAT(results_of("dkim/1 = pass header.d=a"), ElementsAre("dkim=pass/a"));
}
TEST(Results, MayBeNone) {
  EXPECT_THAT(results_of(" none"), IsEmpty());
  EXPECT_THAT(results_of(""), IsEmpty());
  EXPECT_THAT(results_of(";;  ;\r\n ;"), IsEmpty());
}
TEST(Results, KnowTheSigningDomain) {
  EXPECT_THAT(results_of("dkim=pass header.d=a.example header.i=@b.example"),
              ElementsAre("dkim=pass/a.example"));
  EXPECT_THAT(results_of("dkim=pass header.i=joe@b.example header.d=a.example"),
              ElementsAre("dkim=pass/a.example"));
  EXPECT_THAT(results_of("dkim=pass header.i=joe@b.example header.s=s1 header.b=abcd=="),
              ElementsAre("dkim=pass/b.example"));
  EXPECT_THAT(results_of("dkim=pass header.from=a.example policy.d=b.example header.i=nobody"),
              ElementsAre("dkim=pass"));
}

// RFC 5322 §3.2.2: comments nest, and a backslash quotes in them.
TEST(Comments, SayNothing) {
  for (const char* comment :
       {"(dkim=pass)", "(; dkim=pass;)", "(a (b; dkim=pass) ; dkim=pass)", "(\\); dkim=pass; \\()",
        "(\" dkim=pass)", "(unclosed; dkim=pass; dkim=pass"}) {
    EXPECT_THAT(results_of(std::string(" spf=fail ") + comment), ElementsAre("spf=fail"))
        << comment;
    EXPECT_THAT(results_of(std::string(" dkim=fail ") + comment), ElementsAre("dkim=fail"))
        << comment;
  }
}
TEST(Comments, MayBeBetweenAnyWords) {
  EXPECT_THAT(results_of("(a) dkim (b) = (c) pass (d) header.d (e) = (f) a.example (g) ; (h)"),
              ElementsAre("dkim=pass/a.example"));
  EXPECT_THAT(results_of("dkim=pass(1024-bit key)header.d=a.example"),
              ElementsAre("dkim=pass/a.example"));
  EXPECT_THAT(results_of("dkim=fail(not)pass"), ElementsAre("dkim=fail"));
}
TEST(QuotedStrings, SayNothing) {
  for (const char* reason : {"\"dkim=pass\"", "\"; dkim=pass;\"", "\"\\\"; dkim=pass; \\\"\"",
                             "\"(\"", "\"unclosed; dkim=pass"}) {
    EXPECT_THAT(results_of(std::string(" spf=fail reason=") + reason), ElementsAre("spf=fail"))
        << reason;
    EXPECT_THAT(results_of(std::string(" dkim=fail reason=") + reason), ElementsAre("dkim=fail"))
        << reason;
  }
  EXPECT_THAT(results_of("spf=fail reason=\"(\"; dkim=pass"), ElementsAre("spf=fail", "dkim=pass"));
}
TEST(Pass, IsAResultOfTheMethodDkimAlone) {
  const auto has_pass = [](const std::string& text) {
    const std::vector<std::string> results = results_of(text);
    return std::ranges::find(results, "dkim=pass") != results.end();
  };
  EXPECT_TRUE(has_pass("dkim=pass"));
  EXPECT_TRUE(has_pass("dkim=fail; dkim=pass"));
  for (const char* text :
       {"dkim=passed", "dkim=\"pass\"", "dkim=pass=pass", "xdkim=pass", "dkim-atps=pass",
        "x-dkim=pass", "spf=fail dkim=pass", "spf=fail x.dkim=pass", "reason=dkim=pass", "dkim",
        "dkim pass", "dkim=", "dkim=;pass", "pass=dkim", "dkim=neutral pass"}) {
    EXPECT_FALSE(has_pass(text)) << text;
  }
}
TEST(Results, AreNotTheHost) {
  EXPECT_THAT(parse_arc_results("i=1; dkim=pass"), IsEmpty());
  EXPECT_THAT(parse_arc_results("i=1; (mx.example.net); dkim=pass"), testing::SizeIs(1U));
  EXPECT_THAT(parse_arc_results("i=1"), IsEmpty());
  EXPECT_THAT(parse_arc_results(""), IsEmpty());
  EXPECT_THAT(parse_arc_results("i=1; mx.example.net 1; spf=none"), testing::SizeIs(1U));
}
TEST(Results, AreAtMostAHundred) {
  std::string text;
  for (std::size_t i = 0; i < method_results_max; ++i) text += "spf=none;";
  EXPECT_EQ(results_of(text).size(), method_results_max);
  EXPECT_THAT(results_of(text + "dkim=pass"), testing::Each(testing::StrEq("spf=none")));
}

TEST(Instance, StartsTheValue) {
  struct Case {
    const char* value;
    unsigned instance;
  };
  for (const Case& field : std::vector<Case>{{"i=1; mx.example.net; none", 1},
                                             {" i=50; mx", arc_sets_max},
                                             {"\r\n\ti = 7 ;mx", 7},
                                             {"(c) i (c) = (c) 3 (c) ; mx", 3},
                                             {"i=51; mx", 0},
                                             {"i=0; mx", 0},
                                             {"i=; mx", 0},
                                             {"i=-1; mx", 0},
                                             {"i=+1; mx", 0},
                                             {"i=1x; mx", 0},
                                             {"i=0x1; mx", 0},
                                             {"i=\"1\"; mx", 0},
                                             {"i=4294967297; mx", 0},
                                             {"ai=1; mx", 0},
                                             {"mx; i=1", 0},
                                             {"(i=1); mx", 0},
                                             {";i=1", 0},
                                             {"", 0}}) {
    EXPECT_EQ(instance_of_arc_results(field.value), field.instance) << field.value;
  }
}

}  // namespace
}  // namespace leakfs::dkim
