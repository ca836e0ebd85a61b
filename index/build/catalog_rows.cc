// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/catalog_rows.h"

#include "index/base/civil_time.h"
#include "index/base/hex.h"
#include "index/build/csv.h"
#include "index/dkim/report.h"
#include "index/store/records.h"
#include "index/view/message_name.h"
#include "index/view/verdict.h"

namespace leakfs::build {
namespace {

using store::text_of;

std::string_view word(records::DateSource source) {
  switch (source) {
    case records::DateSource::date:
      return "date";
    case records::DateSource::received:
      return "received";
    case records::DateSource::mbox:
      return "mbox";
    case records::DateSource::none:
      return "none";
  }
  return "none";
}

template <typename Strings>
std::vector<std::string> strings_of(const Strings* strings) {
  std::vector<std::string> list;
  if (strings == nullptr) return list;
  for (const auto* string : *strings) list.emplace_back(text_of(string));
  return list;
}

// The column thread is filled by what finds threads; until then it is empty.
std::string message_row(const records::Message& message, const std::string& id,
                        const std::vector<std::string>& sources) {
  CsvRow row;
  row.add(id)
      .add(message.date() ? format_iso(*message.date()) : std::string())
      .add(word(message.date_source()))
      .add(text_of(message.from_address()))
      .add(text_of(message.from_name()))
      .add(text_of(message.to_addresses()))
      .add(text_of(message.cc_addresses()))
      .add(text_of(message.subject()))
      .add(text_of(message.message_id()))
      .add(text_of(message.in_reply_to()))
      .add("")
      .add(dkim::word(static_cast<dkim::Status>(message.status())))
      .add(dkim::word(static_cast<dkim::Reason>(message.reason())))
      .add_list(strings_of(message.domains()))
      .add(dkim::alignment(view::report_of(message)))
      .add_list(strings_of(message.flags()))
      .add(message.attachments() == nullptr ? 0 : message.attachments()->size())
      .add(message.sources()->Get(0)->extent().length())
      .add(to_hex(store::bytes_of(message.sha256())))
      .add_list(sources)
      .add_list(strings_of(message.problems()));
  return row.take();
}

std::string attachment_rows(const records::Message& message, const std::string& id) {
  std::string rows;
  if (message.attachments() == nullptr) return rows;
  CsvRow row;
  for (const records::Attachment* attachment : *message.attachments()) {
    row.add(id)
        .add(attachment->part())
        .add(text_of(attachment->filename()))
        .add(text_of(attachment->type()))
        .add(attachment->size())
        .add(to_hex(store::bytes_of(attachment->sha256())));
    rows += row.take();
  }
  return rows;
}

std::string signature_rows(const records::Message& message, const std::string& id) {
  std::string rows;
  CsvRow row;
  std::uint64_t n = 0;
  for (const dkim::SignatureReport& signature : view::report_of(message).signatures) {
    row.add(id)
        .add(++n)
        .add(dkim::word(signature.facts.kind))
        .add(signature.facts.domain)
        .add(signature.facts.selector)
        .add(signature.facts.algorithm)
        .add(signature.facts.canonicalization)
        .add(signature.key_bits > 0 ? std::to_string(signature.key_bits) : std::string())
        .add(dkim::word(signature.result))
        .add(dkim::word(signature.reason))
        .add(dkim::word(signature.facts.body_hash))
        .add(dkim::word(signature.header_signature))
        .add_list(signature.flags);
    rows += row.take();
  }
  return rows;
}

}  // namespace

CatalogRows catalog_rows(const records::Message& message, const std::vector<std::string>& sources) {
  const std::string id = view::id_text(message);
  return {.messages = message_row(message, id, sources),
          .attachments = attachment_rows(message, id),
          .signatures = signature_rows(message, id),
          .sums = to_hex(store::bytes_of(message.sha256())) + "  eml/by-id/" + id.substr(0, 2) +
                  "/" + id + ".eml\n"};
}

}  // namespace leakfs::build
