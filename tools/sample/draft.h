// SPDX-License-Identifier: GPL-3.0-or-later
// One message as its writer sees it: people, words, files, and how the mail program will encode
// them. No bytes yet, and no signature.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/sample/attachment.h"
#include "tools/sample/encode.h"
#include "tools/sample/plan.h"
#include "tools/sample/prose.h"

namespace leakfs::sample {

enum class Shape : std::uint8_t { plain, html, alternative };
enum class BodyEncoding : std::uint8_t { seven_bit, eight_bit, quoted_printable, base64 };

struct Quotation {
  std::string introduction;  // "Le 12/03/2014, Alice Martin a écrit :"
  std::string text;
};

// A message attached as message/rfc822.
struct ForwardedMessage {
  const Person* from = nullptr;
  std::string subject;
  std::string message_id;
  UnixTime date = 0;
  std::string text;
};

struct Draft {
  const Person* from = nullptr;
  std::vector<const Person*> to;
  std::vector<const Person*> cc;
  UnixTime date = 0;
  int zone_minutes = 0;
  std::string subject;
  std::string message_id;               // with angle brackets, as all of them
  std::vector<std::string> references;  // oldest first; the last is what it answers
  std::string_view mailer;
  Charset charset = Charset::utf_8;
  WordEncoding word_encoding = WordEncoding::q;
  Shape shape = Shape::plain;
  BodyEncoding encoding = BodyEncoding::quoted_printable;
  bool is_mime = true;
  bool is_lf = false;  // exported with LF line ends
  Language language = Language::french;
  Letter letter;
  std::optional<Quotation> quotation;
  std::optional<ForwardedMessage> forwarded;
  std::vector<Attachment> attachments;
  std::uint64_t seed = 0;  // of boundaries, content ids and trace fields
};

Draft make_draft(const Plan& plan, std::uint32_t message);

}  // namespace leakfs::sample
