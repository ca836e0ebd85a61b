// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/mime.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "index/base/hex.h"
#include "index/base/utf8.h"
#include "tools/sample/header.h"
#include "tools/sample/text.h"

namespace leakfs::sample {
namespace {

constexpr std::size_t encoded_name_max = 36;  // bytes that fit one encoded word

std::string_view word_of(BodyEncoding encoding) {
  switch (encoding) {
    case BodyEncoding::seven_bit:
      return "7bit";
    case BodyEncoding::eight_bit:
      return "8bit";
    case BodyEncoding::quoted_printable:
      return "quoted-printable";
    case BodyEncoding::base64:
      return "base64";
  }
  return {};
}

Entity text_entity(const Draft& draft, std::string_view subtype, std::string_view text) {
  const ByteString bytes = encoded_in(draft.charset, spelled_in(draft.charset, text));
  Entity entity;
  entity.header =
      fmt::format("Content-Type: text/{}; charset={}\r\n", subtype, name_of(draft.charset));
  entity.header += fmt::format("Content-Transfer-Encoding: {}\r\n", word_of(draft.encoding));
  entity.is_8bit = draft.encoding == BodyEncoding::eight_bit;
  if (draft.encoding == BodyEncoding::base64) {
    append_base64(entity.body, bytes);
  } else if (draft.encoding == BodyEncoding::quoted_printable) {
    append_quoted_printable(entity.body, bytes);
  } else {
    entity.body = bytes;
  }
  return entity;
}

// "=_" cannot occur in quoted-printable or base64 (RFC 2045 §6.7).
ByteString boundary_of(const Draft& draft, std::string_view use) {
  Random random(draft.seed, Purpose::content, use.size());
  return fmt::format("=_{}_{}", use, to_hex(random.next()));
}

Entity multipart(const Draft& draft, std::string_view subtype, const std::vector<Entity>& parts) {
  const ByteString boundary = boundary_of(draft, subtype);
  Entity entity;
  entity.header =
      fmt::format("Content-Type: multipart/{};\r\n boundary=\"{}\"\r\n", subtype, boundary);
  std::size_t size = 0;
  for (const Entity& part : parts) size += part.header.size() + part.body.size() + 80;
  entity.body.reserve(size);
  for (const Entity& part : parts) {
    entity.body += fmt::format("--{}\r\n{}\r\n", boundary, part.header);
    entity.body += part.body;
    entity.is_8bit |= part.is_8bit;
  }
  entity.body += fmt::format("--{}--\r\n", boundary);
  if (entity.is_8bit) entity.header += "Content-Transfer-Encoding: 8bit\r\n";
  return entity;
}

std::string content_id(const Draft& draft, std::size_t number) {
  return fmt::format("part{}.{}@{}", number, to_hex(draft.seed), draft.from->domain);
}

// Two ways to spell a name that is not ASCII: RFC 2231, or (against RFC 2047 §5, and everywhere) an
// encoded word in quotes.
ByteString filename_parameters(const Draft& draft, const Attachment& attachment, bool is_type) {
  if (attachment.filename.empty()) return {};
  const bool is_encoded_word = (attachment.seed & 1) != 0 && !is_ascii(attachment.filename) &&
                               attachment.filename.size() <= encoded_name_max;
  const std::string_view name = is_type ? "name" : "filename";
  if (is_encoded_word) {
    return fmt::format(";\r\n {}=\"{}\"", name,
                       encoded_words(attachment.filename, Charset::utf_8, draft.word_encoding));
  }
  // Only one of the two has it, for some.
  if (is_type && (attachment.seed & 2) != 0) return {};
  return parameter(name, attachment.filename);
}

Entity file_entity(const Draft& draft, std::size_t number) {
  const Attachment& attachment = draft.attachments[number];
  Entity entity;
  entity.header = fmt::format("Content-Type: {}{}\r\n", media_type(attachment.kind),
                              filename_parameters(draft, attachment, true));
  entity.header += "Content-Transfer-Encoding: base64\r\n";
  if (attachment.is_inline) {
    entity.header += fmt::format("Content-ID: <{}>\r\n", content_id(draft, number));
  }
  entity.header +=
      fmt::format("Content-Disposition: {}{}\r\n", attachment.is_inline ? "inline" : "attachment",
                  filename_parameters(draft, attachment, false));
  append_base64(entity.body, content_of(attachment));
  return entity;
}

Entity forwarded_entity(const Draft& draft) {
  const ForwardedMessage& message = *draft.forwarded;
  Entity entity;
  entity.header = "Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n";
  entity.body = fmt::format(
      "From: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: {}\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
      mailbox_of(*message.from, Charset::utf_8, draft.word_encoding),
      mailbox_of(*draft.from, Charset::utf_8, draft.word_encoding),
      encoded_words(message.subject, Charset::utf_8, draft.word_encoding),
      mail_date(message.date, 0), message.message_id);
  append_quoted_printable(entity.body, wrapped(message.text, 72, ""));
  return entity;
}

Entity body_entity(const Draft& draft, std::size_t inline_images) {
  std::vector<std::string> images;
  for (std::size_t i = 0; i < inline_images; ++i) images.push_back(content_id(draft, i));
  if (draft.shape == Shape::plain) return text_entity(draft, "plain", plain_text(draft));
  Entity html = text_entity(draft, "html", html_text(draft, images));
  if (inline_images > 0) {
    std::vector<Entity> related;
    related.push_back(std::move(html));
    for (std::size_t i = 0; i < inline_images; ++i) related.push_back(file_entity(draft, i));
    html = multipart(draft, "related", related);
  }
  if (draft.shape == Shape::html) return html;
  std::vector<Entity> alternatives;
  alternatives.push_back(text_entity(draft, "plain", plain_text(draft)));
  alternatives.push_back(std::move(html));
  return multipart(draft, "alternative", alternatives);
}

}  // namespace

Entity entity_of(const Draft& draft) {
  std::size_t inline_images = 0;
  while (inline_images < draft.attachments.size() && draft.attachments[inline_images].is_inline) {
    ++inline_images;
  }
  Entity body = body_entity(draft, inline_images);
  if (inline_images == draft.attachments.size() && !draft.forwarded) return body;
  std::vector<Entity> parts;
  parts.push_back(std::move(body));
  for (std::size_t i = inline_images; i < draft.attachments.size(); ++i) {
    parts.push_back(file_entity(draft, i));
  }
  if (draft.forwarded) parts.push_back(forwarded_entity(draft));
  return multipart(draft, "mixed", parts);
}

}  // namespace leakfs::sample
