// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/draft.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "index/base/hex.h"

namespace leakfs::sample {
namespace {

using dkim::Reason;

constexpr std::size_t references_max = 6;
constexpr std::uint32_t many_recipients = 30;

constexpr auto mailers = std::to_array<std::string_view>({
    "Microsoft Office Outlook 12.0",
    "Microsoft Outlook 15.0",
    "Apple Mail (2.1084)",
    "iPhone Mail (13E238)",
    "Mozilla Thunderbird 2.0.0.21",
    "Mozilla Thunderbird 45.8.0",
    "Horde Application Framework 5",
    "Roundcube Webmail/1.2.3",
    "",
});

std::string message_id_of(const Plan& plan, std::uint32_t message) {
  Random random(plan.seed, Purpose::message_id, message);
  const std::string_view domain = plan.people[plan.messages[message].sender].domain;
  // The number makes it one of a kind.
  return fmt::format("<{}.{:x}@{}>", to_hex(random.next()), message, domain);
}

Language language_of(const Plan& plan, std::uint32_t message) {
  return plan.people[plan.messages[plan.messages[message].root].sender].language;
}

std::string root_subject(const Plan& plan, std::uint32_t root) {
  Random random(plan.seed, Purpose::subject, root);
  return make_subject(language_of(plan, root), random);
}

Letter letter_of(const Plan& plan, std::uint32_t message) {
  Random random(plan.seed, Purpose::prose, message);
  return make_letter(language_of(plan, message), random);
}

void choose_encoding(Draft& draft, const MessagePlan& message, Random& random) {
  const bool is_recent = message.date > *to_unix({.year = 2013});
  draft.word_encoding = random.percent(50) ? WordEncoding::q : WordEncoding::b;
  const std::uint32_t throw_charset = random.below(100);
  if (throw_charset < (draft.language == Language::english ? 55U : 6U)) {
    draft.charset = Charset::us_ascii;
  } else if (throw_charset < (is_recent ? 75U : 60U)) {
    draft.charset = Charset::utf_8;
  } else {
    draft.charset = random.percent(60) ? Charset::iso_8859_1 : Charset::windows_1252;
  }
  const std::uint32_t throw_shape = random.below(100);
  draft.shape = throw_shape < 45   ? Shape::plain
                : throw_shape < 92 ? Shape::alternative
                                   : Shape::html;
  const std::uint32_t throw_encoding = random.below(100);
  draft.encoding = throw_encoding < 60   ? BodyEncoding::quoted_printable
                   : throw_encoding < 80 ? BodyEncoding::base64
                                         : BodyEncoding::eight_bit;
  if (draft.charset == Charset::us_ascii) draft.encoding = BodyEncoding::seven_bit;
  if (message.reason == Reason::partial_body) {  // see plan_attachments()
    draft.shape = Shape::plain;
    if (draft.encoding == BodyEncoding::base64) draft.encoding = BodyEncoding::quoted_printable;
  }
  const bool could_be_old_style =
      draft.charset == Charset::us_ascii && draft.shape == Shape::plain && message.attachments == 0;
  draft.is_mime = !could_be_old_style || random.percent(70);
  draft.is_lf = random.percent(8);
}

void choose_zone(Draft& draft, Random& random) {
  const int month = to_civil(draft.date).month;
  const int french = month > 3 && month < 11 ? 120 : 60;
  constexpr auto abroad = std::to_array({0, 0, -300, -240, 60, 330, -480});
  draft.zone_minutes =
      draft.from->language == Language::french && !random.percent(6) ? french : random.pick(abroad);
}

void choose_recipients(Draft& draft, const Plan& plan, std::uint32_t number, Random& random) {
  const MessagePlan& message = plan.messages[number];
  std::vector<std::uint32_t> chosen;
  const auto add = [&](std::uint32_t person) {
    if (person != message.sender && std::ranges::find(chosen, person) == chosen.end()) {
      chosen.push_back(person);
    }
  };
  if (message.parent != number) add(plan.messages[message.parent].sender);
  add(plan.places[plan.first_places[number]].mailbox);
  if (const auto copy = plan.copy_of(number)) add(plan.places[*copy].mailbox);
  const auto people = static_cast<std::uint32_t>(plan.people.size());
  const std::uint32_t more =
      random.percent(1) ? many_recipients : random.skewed_below(random.percent(30) ? 8 : 2);
  for (std::uint32_t i = 0; i < more; ++i) add(random.skewed_below(people));
  if (chosen.empty()) add((message.sender + 1) % people);
  const std::size_t to = 1 + random.skewed_below(static_cast<std::uint32_t>(chosen.size()));
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    (i < to ? draft.to : draft.cc).push_back(&plan.people[chosen[i]]);
  }
}

Quotation quote(const Plan& plan, std::uint32_t message, Language language) {
  const MessagePlan& answered = plan.messages[message];
  const Person& writer = plan.people[answered.sender];
  const std::string& who = writer.name.empty() ? writer.key : writer.name;
  const CivilTime day = to_civil(answered.date);
  Quotation quotation;
  quotation.introduction =
      language == Language::french
          ? fmt::format("Le {:02}/{:02}/{} à {:02}:{:02}, {} a écrit :", day.day, day.month,
                        day.year, day.hour, day.minute, who)
          : fmt::format("On {}-{:02}-{:02} at {:02}:{:02}, {} wrote:", day.year, day.month, day.day,
                        day.hour, day.minute, who);
  for (const std::string& paragraph : letter_of(plan, message).paragraphs) {
    if (!quotation.text.empty()) quotation.text += ' ';
    quotation.text += paragraph;
  }
  return quotation;
}

void follow_thread(Draft& draft, const Plan& plan, std::uint32_t number, Random& random) {
  const MessagePlan& message = plan.messages[number];
  draft.subject = root_subject(plan, message.root);
  if (message.parent == number) return;
  const bool is_french = draft.language == Language::french;
  const bool is_forward = random.percent(8);
  const std::string_view answer = random.percent(75) ? "Re: " : "RE: ";
  const std::string_view forward = is_french && random.percent(50) ? "Tr: " : "Fwd: ";
  draft.subject.insert(0, is_forward ? forward : answer);

  std::uint32_t above = number;
  while (plan.messages[above].parent != above && draft.references.size() < references_max) {
    above = plan.messages[above].parent;
    draft.references.push_back(message_id_of(plan, above));
  }
  std::ranges::reverse(draft.references);

  const MessagePlan& parent = plan.messages[message.parent];
  // Not where text will be put behind the body: that needs a body of one part.
  if (is_forward && draft.is_mime && message.reason != Reason::partial_body) {
    draft.forwarded = ForwardedMessage{
        .from = &plan.people[parent.sender],
        .subject = root_subject(plan, message.root),
        .message_id = message_id_of(plan, message.parent),
        .date = parent.date,
        .text = quote(plan, message.parent, draft.language).text,
    };
  } else if (random.percent(70)) {
    draft.quotation = quote(plan, message.parent, draft.language);
  }
}

}  // namespace

Draft make_draft(const Plan& plan, std::uint32_t number) {
  const MessagePlan& message = plan.messages[number];
  Random random(plan.seed, Purpose::draft, number);
  Draft draft;
  draft.from = &plan.people[message.sender];
  draft.date = message.date;
  draft.language = language_of(plan, number);
  draft.message_id = message_id_of(plan, number);
  draft.mailer = random.pick(mailers);
  draft.seed = random.next();
  choose_encoding(draft, message, random);
  choose_zone(draft, random);
  choose_recipients(draft, plan, number, random);
  follow_thread(draft, plan, number, random);
  draft.subject = spelled_in(draft.charset, draft.subject);
  draft.letter = letter_of(plan, number);
  bool may_be_inline = draft.shape != Shape::plain;
  for (std::uint32_t i = 0; i < message.attachments; ++i) {
    const bool is_inline = may_be_inline && random.percent(20);
    may_be_inline = is_inline;  // the images come first
    draft.attachments.push_back(make_attachment(plan.attachment_sizes[message.first_attachment + i],
                                                is_inline, draft.language, random));
  }
  return draft;
}

}  // namespace leakfs::sample
