// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/address.h"

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/mail/header.h"

namespace leakfs::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Each as "name|address".
std::vector<std::string> mailboxes(Bytes value) {
  std::vector<std::string> all;
  for (const Mailbox& mailbox : parse_addresses(value).mailboxes) {
    all.push_back(mailbox.name + "|" + mailbox.address);
  }
  return all;
}

// RFC 5322 Appendix A.1.2.
TEST(Addresses, AreSeparatedByCommas) {
  EXPECT_THAT(mailboxes(" \"Joe Q. Public\" <john.q.public@example.com>\r\n"),
              ElementsAre("Joe Q. Public|john.q.public@example.com"));
  EXPECT_THAT(mailboxes("Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>"),
              ElementsAre("Mary Smith|mary@x.test", "|jdoe@example.org", "Who?|one@y.test"));
  EXPECT_THAT(mailboxes("<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>"),
              ElementsAre("|boss@nil.test", "Giant; \"Big\" Box|sysservices@example.net"));
}

// RFC 5322 Appendix A.1.3.
TEST(Addresses, GroupsAreFlattened) {
  EXPECT_THAT(mailboxes("A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;"),
              ElementsAre("Ed Jones|c@a.test", "|joe@where.test", "John|jdoe@one.test"));
  EXPECT_THAT(mailboxes("Undisclosed recipients:;"), IsEmpty());
  EXPECT_THAT(mailboxes("\"A; B\": a@x;, c@y"), ElementsAre("|a@x", "|c@y"));
}

// RFC 5322 Appendix A.5.
TEST(Addresses, CommentsAreNoPartOfNameNorAddress) {
  EXPECT_THAT(mailboxes("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>"),
              ElementsAre("Pete|pete@silly.test"));
  EXPECT_THAT(
      mailboxes("A Group(Some people)\r\n"
                "     :Chris Jones <c@(Chris's host.)public.example>,\r\n"
                "         joe@example.org,\r\n"
                "  John <jdoe@one.test> (my dear friend); (the end of the group)"),
      ElementsAre("Chris Jones|c@public.example", "|joe@example.org", "John|jdoe@one.test"));
  EXPECT_THAT(mailboxes("Team(of one):a@x;"), ElementsAre("|a@x"));
  EXPECT_THAT(mailboxes("(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;"),
              IsEmpty());
}

// RFC 5322 Appendix A.6.1.
TEST(Addresses, ObsoleteFormsAreRead) {
  EXPECT_THAT(mailboxes("Joe Q. Public <john.q.public@example.com>"),
              ElementsAre("Joe Q. Public|john.q.public@example.com"));
  EXPECT_THAT(mailboxes("Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example"),
              ElementsAre("Mary Smith|mary@example.net", "|jdoe@test.example"));
  EXPECT_THAT(mailboxes("<@a.test,@b.test:mary@example.net>"), ElementsAre("|mary@example.net"));
}

// RFC 5322 Appendix A.6.3.
TEST(Addresses, WhiteSpaceAndCommentsWithinTheAddressGo) {
  EXPECT_THAT(mailboxes("John Doe <jdoe@machine(comment).  example>"),
              ElementsAre("John Doe|jdoe@machine.example"));
  EXPECT_THAT(mailboxes("Mary Smith\r\n  \r\n          <mary@example.net>"),
              ElementsAre("Mary Smith|mary@example.net"));
}

// RFC 5322 §3.4.1: a dot-atom has white space around it.
TEST(Addresses, BlanksAroundTheAtSignGo) {
  EXPECT_THAT(mailboxes("alice @ example.org, Bob bob@ example.org"),
              ElementsAre("|alice@example.org", "Bob|bob@example.org"));
  EXPECT_THAT(mailboxes("<alice @ example.org>"), ElementsAre("|alice@example.org"));
}

// RFC 5322 §3.2.4.
TEST(Addresses, AQuotedStringHidesSeparators) {
  EXPECT_THAT(mailboxes("\"Martin, Alice <x@y>; (z)\" <a@b>, c@d"),
              ElementsAre("Martin, Alice <x@y>; (z)|a@b", "|c@d"));
  EXPECT_THAT(mailboxes("<\"a>b,c\"@example.org>, c@d"),
              ElementsAre("|\"a>b,c\"@example.org", "|c@d"));
  EXPECT_THAT(mailboxes("\"john smith\"@example.org, <\"john smith\"@example.org>"),
              ElementsAre("|\"john smith\"@example.org", "|\"john smith\"@example.org"));
  EXPECT_THAT(mailboxes("<\"a\\\"b c\" @ example.org>"), ElementsAre("|\"a\\\"b c\"@example.org"));
}

TEST(Addresses, AQuoteOrCommentThatIsNotClosedIsACharacter) {
  EXPECT_THAT(mailboxes("Alice (work <a@b>, c@d"), ElementsAre("Alice (work|a@b", "|c@d"));
  EXPECT_THAT(mailboxes("\"Alice <a@b>, c@d"), ElementsAre("\"Alice|a@b", "|c@d"));
}

// RFC 5322 §3.4 keeps what RFC 822 mail did: the comment is the name.
TEST(Addresses, ACommentNamesAnAddressWithoutName) {
  EXPECT_THAT(mailboxes("jdoe@example.org (John Doe)"), ElementsAre("John Doe|jdoe@example.org"));
  EXPECT_THAT(mailboxes("<jdoe@example.org> (John \\(Jr\\) Doe)"),
              ElementsAre("John (Jr) Doe|jdoe@example.org"));
}

// RFC 2047 §5 (2) and (3), §8.
TEST(Addresses, NamesAreDecoded) {
  EXPECT_THAT(mailboxes("=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>"),
              ElementsAre("Keith Moore|moore@cs.utk.edu"));
  EXPECT_THAT(mailboxes("=?ISO-8859-1?Q?Andr=E9?= Pirard <PIRARD@vm1.ulg.ac.be>"),
              ElementsAre("André Pirard|PIRARD@vm1.ulg.ac.be"));
  EXPECT_THAT(mailboxes("nsb@x (=?iso-8859-8?b?7eXs+SDv4SDs6Oj08A==?=)"),
              ElementsAre("םולש ןב לטטפנ|nsb@x"));
  EXPECT_THAT(mailboxes("=?utf-8?q?Martin=2C_Alice?= <a@b>"), ElementsAre("Martin, Alice|a@b"));
  // RFC 2047 §5 (3) forbids it within quotes, yet most programs write it.
  EXPECT_THAT(mailboxes("\"=?utf-8?q?Andr=C3=A9?=\" <a@b>"), ElementsAre("André|a@b"));
}

// RFC 6532 §3.2, and Latin-1 that no standard allows.
TEST(Addresses, EightBitTextIsUtf8OrGuessed) {
  EXPECT_THAT(mailboxes("André <andré@exämple.org>"), ElementsAre("André|andré@exämple.org"));
  EXPECT_THAT(mailboxes("Andr\xe9 <a@b>"), ElementsAre("André|a@b"));
}

TEST(Addresses, DomainLiteralsAreKept) {
  EXPECT_THAT(mailboxes("a@[192.0.2.1], b@[IPv6:2001:db8::1]"),
              ElementsAre("|a@[192.0.2.1]", "|b@[IPv6:2001:db8::1]"));
}

TEST(Addresses, SemicolonsSeparateAsWell) {
  EXPECT_THAT(mailboxes("a@b; Carol <c@d>;"), ElementsAre("|a@b", "Carol|c@d"));
}

TEST(Addresses, BracketsMayBeMissing) {
  EXPECT_THAT(mailboxes("Alice alice@example.org"), ElementsAre("Alice|alice@example.org"));
  EXPECT_THAT(mailboxes("alice@example.org Alice"), ElementsAre("Alice|alice@example.org"));
  EXPECT_THAT(mailboxes("\"alice@example.org\""), ElementsAre("|alice@example.org"));
}

TEST(Addresses, AMissingBracketEndsAtTheNextAddress) {
  EXPECT_THAT(mailboxes("Alice <a@b, c@d"), ElementsAre("Alice|a@b", "|c@d"));
  EXPECT_THAT(mailboxes("Alice <a@b, Carol <c@d>"), ElementsAre("Alice|a@b", "Carol|c@d"));
}

TEST(Addresses, WithoutAnAddressTheNameIsKept) {
  EXPECT_THAT(mailboxes("alice"), ElementsAre("alice|"));
  EXPECT_THAT(mailboxes("Alice <>"), ElementsAre("Alice|"));
  EXPECT_THAT(mailboxes("MAILER-DAEMON, a@b"), ElementsAre("MAILER-DAEMON|", "|a@b"));
}

TEST(Addresses, OfNothingAreNone) {
  for (const Bytes value : {"", " \r\n", ",,;", "<>", "()", ":", "\"\"", "<", "<<<", ";;"}) {
    EXPECT_THAT(mailboxes(value), IsEmpty()) << value;
  }
}

TEST(Addresses, AreCutAtTheirLimit) {
  std::string value;
  for (std::size_t i = 0; i < addresses_max; ++i) value += "a@b,";
  EXPECT_EQ(parse_addresses(value).mailboxes.size(), addresses_max);
  EXPECT_FALSE(parse_addresses(value).is_cut);
  const AddressList over = parse_addresses(value + "c@d");
  EXPECT_EQ(over.mailboxes.size(), addresses_max);
  EXPECT_EQ(over.mailboxes.back().address, "a@b");
  EXPECT_TRUE(over.is_cut);
}

// Each has pairs that never close, or that close far away.
TEST(Addresses, OfAHostileFieldAreReadSoon) {
  const auto start = std::chrono::steady_clock::now();
  for (const std::string piece :
       {"(", "((\\)", "(a)", "\"", "\"\\", "<", "<a,", "<(", "<\"", "<\"a,<", "\"@", "\"a\"@ ",
        "@ . ", "@:", " at ", "=?a?q?", ";:", "<@", "\xe9,"}) {
    std::string value;
    while (value.size() + piece.size() <= field_size_max) value += piece;
    parse_addresses(value);
    parse_addresses("a@b <" + value);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(AddressKey, IsLowerCaseWithoutQuotes) {
  EXPECT_EQ(address_key("Alice.Martin@Example.ORG"), "alice.martin@example.org");
  EXPECT_EQ(address_key("'alice@example.org'"), "alice@example.org");
  EXPECT_EQ(address_key("<alice@example.org>"), "alice@example.org");
  // RFC 1034 §3.1: the dot of the root.
  EXPECT_EQ(address_key("alice@example.org."), "alice@example.org");
  // RFC 5321 §4.1.2.
  EXPECT_EQ(address_key("\"john\"@example.org"), "john@example.org");
}

TEST(AddressKey, AtAsAWordIsAnAtSign) {
  EXPECT_EQ(address_key("alice at example.org"), "alice@example.org");
  EXPECT_EQ(address_key("meet alice at example.org"), "");
  EXPECT_EQ(address_key("alice at example.org now"), "");
}

TEST(AddressKey, NeedsSomethingOnBothSides) {
  for (const char* address : {"", "alice", "@", "alice@", "@example.org", "\"\"@example.org"}) {
    EXPECT_EQ(address_key(address), "") << address;
  }
}

TEST(AddressKey, HasTheDomainAfterItsLastAtSign) {
  EXPECT_EQ(domain_of("alice@example.org"), "example.org");
  EXPECT_EQ(domain_of("\"a@b\"@example.org"), "example.org");
  EXPECT_EQ(domain_of("alice"), "");
  EXPECT_EQ(domain_of(""), "");
}

}  // namespace
}  // namespace leakfs::mail
