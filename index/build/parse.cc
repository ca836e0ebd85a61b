// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/parse.h"

#include "index/base/utf8.h"
#include "index/build/csv.h"
#include "index/crypto/digest.h"
#include "index/dkim/verify.h"
#include "index/mail/address.h"
#include "index/mail/date.h"
#include "index/mail/encoded_word.h"
#include "index/mail/header.h"
#include "index/mail/mime.h"
#include "index/mail/text.h"
#include "index/mail/transfer.h"
#include "index/mail/transfer_range.h"
#include "index/view/verdict.h"

namespace leakfs::build {
namespace {

// As the front shows a mailbox: "Alice Martin <alice@example.org>".
void append_mailbox(std::string& list, const mail::Mailbox& mailbox) {
  if (!list.empty()) list += ", ";
  if (mailbox.name.empty()) {
    list += mailbox.address;
  } else {
    list += mailbox.name;
    if (!mailbox.address.empty()) list.append(" <").append(mailbox.address).append(">");
  }
}

// An address that holds a blank, as "john smith"@example.org may, stays one item.
void append_word(std::string& list, std::string_view word) {
  if (word.empty()) return;
  if (!list.empty()) list += ' ';
  append_list_item(list, word);
}

// The mailboxes of every field of that name.
mail::AddressList addresses_of(const mail::Header& header, std::string_view name) {
  mail::AddressList all;
  for (const mail::Field& field : header.fields) {
    if (!field.is(name)) continue;
    mail::AddressList list = mail::parse_addresses(field.value);
    all.is_cut |= list.is_cut;
    for (mail::Mailbox& mailbox : list.mailboxes) {
      if (all.mailboxes.size() == mail::addresses_max) {
        all.is_cut = true;
        return all;
      }
      all.mailboxes.push_back(std::move(mailbox));
    }
  }
  return all;
}

// Where it is, and the hash of its bytes.
void put_source(const MessageHead& head, Bytes message, records::MessageT& record) {
  if (head.is_cut) {
    record.sha256.assign(head.sha256.begin(), head.sha256.end());
  } else {
    const crypto::Digest digest = crypto::sha256(message);
    record.sha256.assign(digest.raw.begin(), digest.raw.end());
  }
  const records::Extent extent(head.extent.offset, head.extent.length, head.extent.stream.raw);
  record.sources.emplace_back(extent, head.entry, head.mbox_offset, head.is_in_mbox);
  // Room for what only the collector knows.
  record.text = std::make_unique<records::Frame>();
}

// No signature of it can be read.
void put_unjudged(records::MessageT& record) {
  record.reason = static_cast<std::uint8_t>(dkim::Reason::malformed);
}

class MessageParser {
 public:
  MessageParser(const MessageHead& head, Bytes from_line, Bytes message)
      : head_(head),
        from_line_(from_line),
        message_(message),
        header_(mail::parse_header(message)) {}

  ParsedMessage run(const dkim::Keyring& keyring) {
    put_source(head_, message_, record_);
    put_date();
    put_from();
    put_recipients("To", record_.to, record_.to_addresses);
    put_recipients("Cc", record_.cc, record_.cc_addresses);
    std::string shown;
    put_recipients("Bcc", shown, record_.bcc_addresses);
    record_.subject = text_of("Subject");
    record_.message_id = text_of("Message-ID");
    record_.in_reply_to = text_of("In-Reply-To");
    record_.references = text_of("References");
    put_header_problems();
    std::string text;
    if (head_.is_cut) {
      add_problem("big");
      put_unjudged(record_);
    } else {
      text = put_body();
      put_verdict(keyring);
    }
    return {.record = std::move(record_), .text = std::move(text)};
  }

 private:
  void add_problem(const char* kind) { record_.problems.emplace_back(kind); }

  std::string text_of(std::string_view name) const {
    const mail::Field* field = header_.first(name);
    return field == nullptr ? std::string() : mail::decode_text(field->value);
  }

  void put_date() {
    using records::DateSource;
    if (const mail::Field* field = header_.first("Date"); field != nullptr) {
      if (const auto date = mail::parse_date(field->value); date) {
        return set_date(*date, DateSource::date);
      }
    }
    // The topmost Received is the last hop's, nearest to whoever kept the mail.
    for (const mail::Field& field : header_.fields) {
      if (!field.is("Received")) continue;
      if (const auto date = mail::parse_received_date(field.value); date) {
        return set_date(*date, DateSource::received);
      }
    }
    const Bytes from_line = from_line_.empty() ? header_.from_line : from_line_;
    if (const auto date = mail::parse_from_line_date(from_line); date) {
      set_date(*date, DateSource::mbox);
    }
  }

  void set_date(const mail::DateTime& date, records::DateSource source) {
    record_.date = date.time;
    record_.date_source = source;
    if (date.is_zone_known) record_.zone_minutes = date.zone_minutes;
  }

  void put_from() {
    const mail::AddressList list = addresses_of(header_, "From");
    for (const mail::Mailbox& mailbox : list.mailboxes) append_mailbox(record_.from, mailbox);
    if (record_.from.empty()) record_.from = text_of("From");
    for (const mail::Mailbox& mailbox : list.mailboxes) {
      record_.from_address = mail::address_key(mailbox.address);
      record_.from_name = mailbox.name;
      if (!record_.from_address.empty()) break;
    }
    note_cut(list);
  }

  void put_recipients(std::string_view name, std::string& shown, std::string& keys) {
    const mail::AddressList list = addresses_of(header_, name);
    for (const mail::Mailbox& mailbox : list.mailboxes) {
      append_mailbox(shown, mailbox);
      append_word(keys, mail::address_key(mailbox.address));
    }
    note_cut(list);
  }

  void note_cut(const mail::AddressList& list) {
    if (list.is_cut && !is_cut_noted_) add_problem("addresses");
    is_cut_noted_ |= list.is_cut;
  }

  void put_header_problems() {
    if (header_.flags.is_cut) add_problem("header");
    if (header_.flags.has_too_many) add_problem("fields");
    if (header_.flags.has_large_field) add_problem("field");
  }

  std::string put_body() {
    const mail::Structure structure = mail::parse_structure(message_, header_);
    if (structure.is_depth_cut) add_problem("depth");
    if (structure.is_parts_cut) add_problem("parts");
    if (structure.is_parameters_cut) add_problem("parameters");
    for (std::size_t number = 0; number < structure.parts.size(); ++number) {
      const mail::Part& part = structure.parts[number];
      if (part.kind == mail::PartKind::leaf && part.is_attachment) put_attachment(number, part);
    }
    return mail::render_body(message_, structure);
  }

  void put_attachment(std::size_t number, const mail::Part& part) {
    const ByteString content = mail::decode_transfer(part.body.of(message_), part.encoding);
    const crypto::Digest digest = crypto::sha256(content);
    const mail::TransferLayout layout =
        mail::transfer_layout(part.body.of(message_), part.encoding, content.size());
    auto attachment = std::make_unique<records::AttachmentT>();
    attachment->part = static_cast<std::uint32_t>(number);
    attachment->filename = part.filename;
    attachment->type = part.type;
    attachment->size = content.size();
    attachment->sha256.assign(digest.raw.begin(), digest.raw.end());
    attachment->offset = part.body.offset;
    attachment->length = part.body.length;
    attachment->encoding = static_cast<std::uint8_t>(layout.encoding);
    attachment->line_size = layout.line_size;
    attachment->line_end_size = layout.line_end_size;
    record_.attachments.push_back(std::move(attachment));
  }

  void put_verdict(const dkim::Keyring& keyring) {
    const dkim::Report report = dkim::verify(message_, header_, record_.date, keyring);
    view::put_report(record_, report);
    if (report.is_cut) add_problem("signatures");
  }

  const MessageHead& head_;
  const Bytes from_line_;
  const Bytes message_;
  const mail::Header header_;
  records::MessageT record_;
  bool is_cut_noted_ = false;
};

}  // namespace

ParsedMessage parse_message(const MessageHead& head, Bytes from_line, Bytes message,
                            const dkim::Keyring& keyring) {
  return MessageParser(head, from_line, message).run(keyring);
}

records::MessageT unparsed_message(const MessageHead& head, Bytes message, const char* why) {
  records::MessageT record;
  put_source(head, message, record);
  put_unjudged(record);
  record.problems.emplace_back(why);
  return record;
}

}  // namespace leakfs::build
