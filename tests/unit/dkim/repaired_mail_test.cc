// SPDX-License-Identifier: GPL-3.0-or-later
// Signs a message and damages it in the way that software is known to: the signature passes with
// the flag that says so, and not if anything else was changed as well.
#include <algorithm>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/dkim/repair.h"
#include "tests/unit/dkim/signed_mail.h"

namespace leakfs::dkim {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;

struct Damage {
  std::string name;
  std::string text;  // what is signed
  std::function<std::string(std::string)> apply;
  std::vector<std::string> flags;
  std::vector<std::string_view> added = {};  // lines that were put in, which nothing proves
  std::vector<std::string> fields = {"from", "to", "subject", "date"};

  friend void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.name; }
};

std::string letter_of(std::string_view body) { return joined({letter_fields, "\r\n", body}); }

// Every `what` of the text replaced.
std::string all_replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}
std::string with_lf(const std::string& text) { return all_replaced(text, "\r\n", "\n"); }
std::string with_cr_cr_lf(const std::string& text) { return all_replaced(text, "\r\n", "\r\r\n"); }

// The message with something done to its body only.
std::function<std::string(std::string)> to_body(std::function<std::string(std::string)> change) {
  return [change = std::move(change)](const std::string& message) {
    const std::size_t at = message.find("\r\n\r\n") + 4;
    return message.substr(0, at) + change(message.substr(at));
  };
}
std::function<std::string(std::string)> prepend(std::string_view text) {
  return [text = std::string(text)](const std::string& to) { return text + to; };
}
std::function<std::string(std::string)> append(std::string_view text) {
  return [text = std::string(text)](const std::string& to) { return to + text; };
}
std::function<std::string(std::string)> replace(std::string what, std::string with) {
  return [what = std::move(what), with = std::move(with)](const std::string& in) {
    return all_replaced(in, what, with);
  };
}

constexpr std::string_view from_line = "From alice@example.org Mon Apr 24 08:22:05 2017";
constexpr std::string_view junk_line = ">From alice@example.org Mon Apr 24 08:22:05 2017";
constexpr std::string_view meta =
    R"(<meta http-equiv="Content-Type" content="text/html; charset=utf-8">)";
constexpr std::string_view quoted_meta =
    "<meta http-equiv=3D\"Content-Type\" content=3D\"text/html; charset=3Diso-88=\r\n59-1\">";
constexpr std::string_view mailman =
    "_______________________________________________\r\n"
    "Budget mailing list\r\n"
    "Budget@lists.example.net\r\n"
    "http://lists.example.net/mailman/listinfo/budget\r\n";
constexpr std::string_view google =
    "\r\n-- \r\n"
    "You received this message because you are subscribed to the Google Groups \"budget\" "
    "group.\r\n"
    "To unsubscribe, send an email to budget+unsubscribe@lists.example.net.\r\n";
constexpr std::string_view old_google =
    "\r\n--~--~---------~--~----~------------~-------~--~----~\r\n"
    "You received this message because you are subscribed to the Google Groups \"budget\" "
    "group.\r\n"
    "-~----------~----~----~----~------~----~------~--~---\r\n\r\n";
constexpr std::string_view yahoo =
    "\r\n\r\n------------------------------------\r\n\r\n"
    "Yahoo! Groups Links\r\n\r\n<*> To visit your group on the web, go to:\r\n"
    "    http://groups.example.net/group/budget/\r\n\r\n";
constexpr std::string_view old_yahoo =
    "\r\n------------------------ Yahoo! Groups Sponsor --------------------~--> \r\n"
    "Buy now\r\n"
    "--------------------------------------------------------------------~-> \r\n\r\n"
    "To unsubscribe from this group, send an email to: budget-off@groups.example.net\r\n";
constexpr std::string_view received =
    "Received: from lists.example.net by mx.example.net; today\r\n";
constexpr std::string_view list_id = "List-Id: <budget.lists.example.net>\r\n";

std::vector<Damage> damages() {
  const std::string plain(letter);
  const std::string froms = letter_of("From here\r\nto\r\nFrom there\r\n");
  const std::string quoted = letter_of(">From here\r\nFrom there\r\n");
  const std::string twice_quoted = letter_of("From here\r\n>>From there\r\n");
  const std::string dots = letter_of(".a\r\n.\r\nb.\r\n..c\r\n");
  const std::string utf8 = letter_of("déjà vu – 5 €\r\n");
  const std::string latin1 = letter_of("d\xe9j\xe0 vu \x96 5 \x80\r\n");
  const std::string utf8_subject = replaced(letter, "Budget", "Prévisions");
  const std::string latin1_subject = replaced(letter, "Budget", "Pr\xe9visions");
  const std::string html = letter_of("<html><head>\r\n<title>a</title></head>\r\n");
  const std::string quoted_html = letter_of("<html lang=3D\"fr\"><head>=\r\n<title>a</title>\r\n");
  const std::string own_footer = letter_of("Hello\r\n-- \r\nAlice\r\n");
  const std::string once_received = joined({"Received: by mx.example.org\r\n", letter});
  const std::vector<std::string> oversigned = {"from", "from",     "to",       "subject", "subject",
                                               "date", "received", "received", "list-id"};
  return {
      {"lf", plain, with_lf, {"repaired:lf"}},
      {"cr_cr_lf", plain, with_cr_cr_lf, {"repaired:cr-cr-lf"}},
      {"cr_cr_lf_in_body", plain, to_body(with_cr_cr_lf), {"repaired:cr-cr-lf"}},
      {"lf_in_body", plain, to_body(with_lf), {"repaired:lf"}},
      {"cr_cr_lf_mbox",
       plain,
       [](const std::string& message) {
         return with_cr_cr_lf(joined({from_line, "\r\n", message}));
       },
       {"repaired:cr-cr-lf", "repaired:from-line"},
       {from_line}},
      {"leading_line", plain, to_body(prepend("\r\n")), {"repaired:leading-line"}},
      {"from_line",
       plain,
       prepend(joined({from_line, "\r\n"})),
       {"repaired:from-line"},
       {from_line}},
      {"byte_order_mark", plain, prepend("\xef\xbb\xbf"), {"repaired:from-line"}, {"\xef\xbb\xbf"}},
      {"junk",
       plain,
       replace("\r\nTo: ", joined({"\r\n", junk_line, "\r\nTo: "})),
       {"repaired:junk"},
       {junk_line}},
      {"mboxo", froms, to_body(replace("From ", ">From ")), {"repaired:from-quoting"}},
      {"mboxo_with_quotes",
       twice_quoted,
       to_body(replace("From here", ">From here")),
       {"repaired:from-quoting"}},
      {"mboxrd", quoted, to_body(replace("From ", ">From ")), {"repaired:from-quoting"}},
      {"dots", dots, to_body(replace("\r\n.", "\r\n..")), {"repaired:dot-stuffing"}},
      {"to_latin1",
       utf8,
       [](const std::string& message) { return utf8_to_latin1(message).value(); },
       {"repaired:utf-8"}},
      {"to_utf8",
       latin1,
       [](const std::string& message) { return latin1_to_utf8(message).value(); },
       {"repaired:latin-1"}},
      {"subject_and_body_to_latin1",
       replaced(utf8, "Budget", "Prévisions"),
       [](const std::string& message) { return utf8_to_latin1(message).value(); },
       {"repaired:utf-8"}},
      {"subject_to_latin1", utf8_subject, replace("é", "\xe9"), {"repaired:utf-8"}},
      {"subject_to_utf8", latin1_subject, replace("\xe9", "é"), {"repaired:latin-1"}},
      {"meta_line",
       html,
       to_body(replace("<title>", joined({meta, "\r\n<title>"}))),
       {"repaired:meta"},
       {meta}},
      {"meta_new_line",
       html,
       to_body(replace("<title>a", joined({"<title>a\r\n", meta}))),
       {"repaired:meta"},
       {meta}},
      {"meta",
       html,
       to_body(replace("<title>", joined({meta, "<title>"}))),
       {"repaired:meta"},
       {meta}},
      {"meta_in_quoted_printable",
       quoted_html,
       to_body(replace("<title>", joined({quoted_meta, "=\r\n<title>"}))),
       {"repaired:meta"},
       {quoted_meta}},
      {"mailman", plain, append(mailman), {"repaired:footer"}, {mailman}},
      {"google", plain, append(google), {"repaired:footer"}, {google}},
      {"old_google", plain, append(old_google), {"repaired:footer"}, {old_google}},
      {"yahoo", plain, append(yahoo), {"repaired:footer"}, {yahoo}},
      {"old_yahoo", plain, append(old_yahoo), {"repaired:footer"}, {old_yahoo}},
      {"footer_below_another", own_footer, append(mailman), {"repaired:footer"}, {mailman}},
      {"fields_on_top",
       once_received,
       prepend(joined({received, list_id})),
       {"repaired:fields-on-top"},
       {received, list_id},
       oversigned},
      {"mbox",
       froms,
       [](const std::string& message) {
         return joined({from_line, "\n", with_lf(to_body(replace("From ", ">From "))(message))});
       },
       {"repaired:from-line", "repaired:from-quoting", "repaired:lf"},
       {from_line}},
      {"list_and_mbox",
       once_received,
       [](const std::string& message) {
         return joined({from_line, "\n", with_lf(joined({received, message, mailman}))});
       },
       {"repaired:fields-on-top", "repaired:footer", "repaired:from-line", "repaired:lf"},
       {from_line, received, mailman},
       oversigned},
  };
}

class RepairedMail : public testing::TestWithParam<Damage> {
 protected:
  static std::vector<SigningOptions> ways_to_sign() {
    std::vector<SigningOptions> ways;
    for (const Canonicalization header : {Canonicalization::simple, Canonicalization::relaxed}) {
      for (const Canonicalization body : {Canonicalization::simple, Canonicalization::relaxed}) {
        ways.push_back(options(GetParam().fields));
        ways.back().header = header;
        ways.back().body = body;
      }
    }
    return ways;
  }
};

TEST_P(RepairedMail, IsVerifiedAndSaysHowItWasRepaired) {
  const Damage& damage = GetParam();
  for (const SigningOptions& how : ways_to_sign()) {
    const std::string message = signed_mail(damage.text, how);
    EXPECT_EQ(judge(message).status, Status::verified);
    EXPECT_THAT(judge(message).flags, IsEmpty());
    const Report report = judge(damage.apply(message));
    EXPECT_EQ(report.status, Status::verified) << word(report.reason);
    EXPECT_THAT(report.flags, ElementsAreArray(damage.flags));
    EXPECT_EQ(report.signatures.at(0).facts.body_hash, BodyHash::ok);
    EXPECT_EQ(report.signatures.at(0).header_signature, HeaderSignature::ok);
  }
}

// Whether a byte that shows is in none of the lines that were put in, and in no signature.
std::vector<bool> proven_bytes(const std::string& message,
                               const std::vector<std::string_view>& added) {
  std::vector<bool> is_proven;
  for (const char byte : message) is_proven.push_back(static_cast<unsigned char>(byte) > ' ');
  const auto leave_out = [&is_proven](std::size_t from, std::size_t to) {
    for (; from < to; ++from) is_proven[from] = false;
  };
  const std::size_t signature = message.find("DKIM-Signature");
  leave_out(signature, message.find("From: ", signature));
  for (std::string_view part : added) {
    while (!part.empty()) {
      const std::string_view line = part.substr(0, part.find("\r\n"));
      const std::size_t at = message.rfind(line);
      leave_out(at, at + line.size());
      part.remove_prefix(std::min(line.size() + 2, part.size()));
    }
  }
  return is_proven;
}

TEST_P(RepairedMail, IsNotVerifiedIfAnyOtherByteIsChanged) {
  const Damage& damage = GetParam();
  for (const SigningOptions& how : {ways_to_sign().front(), ways_to_sign().back()}) {
    const std::string message = damage.apply(signed_mail(damage.text, how));
    const std::vector<bool> is_proven = proven_bytes(message, damage.added);
    for (std::size_t i = 0; i < message.size(); ++i) {
      if (!is_proven[i]) continue;
      std::string changed = message;
      changed[i] = changed[i] == 'q' ? 'z' : 'q';
      EXPECT_EQ(judge(changed).status, Status::unverified) << "at " << i << ":\n" << changed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryDamage, RepairedMail, testing::ValuesIn(damages()),
                         [](const auto& damage) { return damage.param.name; });

// RFC 4871 §3.4.4 did not say that a body without a last line end gets one.
TEST(LastLineEnd, ThatWasNotSignedIsTakenOff) {
  for (const std::string_view how : {"simple", "relaxed"}) {
    const std::string hash = mail::encode_base64(crypto::sha256("No end").bytes());
    const std::string field =
        joined({"DKIM-Signature: v=1; a=rsa-sha256; c=simple/", how,
                "; d=example.org; s=s1; h=from:to:subject:date; bh=", hash, "; b="});
    const std::string signature = joined({field, signature_of(joined({letter_fields, field}))});
    const std::string message = joined({signature, "\r\n", letter_fields, "\r\nNo end"});
    const Report report = judge(message);
    EXPECT_EQ(report.status, Status::verified);
    EXPECT_THAT(report.flags, testing::ElementsAre("repaired:last-line-end"));
    EXPECT_EQ(judge(message + "\r\n").status, Status::verified);
    EXPECT_EQ(judge(message + "\r\nx").reason, Reason::body_altered);
    EXPECT_EQ(judge(replaced(message, "No end", "An end")).reason, Reason::body_altered);
  }
}

}  // namespace
}  // namespace leakfs::dkim
