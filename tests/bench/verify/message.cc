// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/verify/message.h"

#include <string>

#include <fmt/format.h>

#include "index/dkim/canonical.h"
#include "index/dkim/sign.h"
#include "index/dkim/signature.h"
#include "index/dkim/tag_list.h"
#include "index/mail/header.h"
#include "index/mail/transfer.h"
#include "tools/sample/prose.h"

namespace leakfs::bench {
namespace {

constexpr auto relaxed = dkim::Canonicalization::relaxed;

constexpr Bytes header =
    "Return-Path: <alice.martin@example.org>\r\n"
    "Received: from mail-wr1-f52.example.org (mail-wr1-f52.example.org [192.0.2.52])\r\n"
    "\tby mx1.example.net (Postfix) with ESMTPS id 4B2C91F00A\r\n"
    "\tfor <benoit.durand@example.net>; Mon, 24 Apr 2017 10:22:07 +0200 (CEST)\r\n"
    "Received: by mail-wr1-f52.example.org with SMTP id z52so51234567wrc.2\r\n"
    "        for <benoit.durand@example.net>; Mon, 24 Apr 2017 01:22:06 -0700 (PDT)\r\n"
    "X-Received: by 198.51.100.7 with SMTP id m5mr3001234wrb.130.1493022126033;\r\n"
    "        Mon, 24 Apr 2017 01:22:06 -0700 (PDT)\r\n"
    "MIME-Version: 1.0\r\n"
    "From: Alice Martin <alice.martin@example.org>\r\n"
    "To: =?UTF-8?Q?Beno=C3=AEt_Durand?= <benoit.durand@example.net>,\r\n"
    " Claire Petit <claire.petit@example.net>\r\n"
    "Cc: budget@example.org\r\n"
    "Date: Mon, 24 Apr 2017 10:22:05 +0200\r\n"
    "Message-ID: <CAOZy5W7rZC0Hq9E1kXhD+s6yqE@mail.example.org>\r\n"
    "In-Reply-To: <20170424075501.1c3d@mail.example.net>\r\n"
    "References: <20170423190112.77aa@mail.example.net>\r\n"
    " <20170424075501.1c3d@mail.example.net>\r\n"
    "Subject: Re: Budget de campagne, second draft\r\n"
    "Content-Type: text/plain; charset=UTF-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n"
    "\r\n";

void put_two_blanks_between_sentences(std::string& paragraph) {
  for (std::size_t at = 0; (at = paragraph.find(". ", at)) != std::string::npos; at += 3) {
    paragraph.insert(at + 1, 1, ' ');
  }
}

ByteString body(std::size_t size) {
  sample::Random random(7, sample::Purpose::prose);
  ByteString text;
  while (text.size() < size) {
    const sample::Letter letter = sample::make_letter(sample::Language::english, random);
    text += letter.greeting + "\r\n\r\n";
    for (std::string paragraph : letter.paragraphs) {
      if (random.percent(30)) put_two_blanks_between_sentences(paragraph);
      text += sample::wrapped(paragraph, 72, random.percent(25) ? "> " : "") + "\r\n\r\n";
    }
    if (random.percent(20)) {
      for (int row = 0; row < 4; ++row) {
        text += fmt::format("   {:<24}{:>10}  \r\n", "Item", random.below(100'000));
      }
    }
    text += letter.closing + "\r\n-- \r\n\r\n";
  }
  text.resize(size);
  return text + "\r\n";
}

}  // namespace

SignedMessage make_message(std::size_t size, const crypto::PrivateKey& key) {
  SignedMessage made;
  const dkim::SigningOptions options = {
      .domain = "example.org",
      .selector = "s1",
      .fields = {"from", "to", "cc", "date", "message-id", "subject", "mime-version",
                 "content-type", "in-reply-to", "references"},
      .time = 1493022125,
  };
  const ByteString text = ByteString(header) + body(size - header.size());
  made.bytes = dkim::sign(text, key, options) + text;
  made.record = "v=DKIM1; k=rsa; p=" + mail::encode_base64(key.public_bytes());
  made.zone = fmt::format("s1._domainkey.example.org. IN TXT \"{}\"\n", made.record);

  const mail::Header parsed = mail::parse_header(made.bytes);
  for (const std::string& name : options.fields) {
    dkim::append_header(made.header_input, parsed.first(name)->raw, relaxed);
  }
  const mail::Field& own = *parsed.first("DKIM-Signature");
  dkim::append_own_field(made.header_input, own, relaxed);
  dkim::append_body(made.canonical_body, Bytes(made.bytes).substr(parsed.body_offset), relaxed);
  const dkim::TagList tags = *dkim::TagList::parse(own.value);
  made.body_hash = mail::decode_base64(*tags.find("bh"));
  made.signature = mail::decode_base64(*tags.find("b"));
  return made;
}

}  // namespace leakfs::bench
