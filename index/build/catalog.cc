// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/catalog.h"

#include <algorithm>

#include "index/base/hex.h"
#include "index/build/csv.h"
#include "index/dkim/report.h"
#include "index/store/records.h"
#include "index/view/message_name.h"
#include "index/view/verdict.h"

namespace leakfs::build {
namespace {

using store::text_of;

std::string time_text(std::optional<UnixTime> time) { return time ? format_iso(*time) : ""; }

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

void widen(std::optional<UnixTime>& first, std::optional<UnixTime>& last, UnixTime time) {
  first = std::min(first.value_or(time), time);
  last = std::max(last.value_or(time), time);
}

}  // namespace

Catalog::Catalog(store::HeapWriter& heap)
    : heap_(heap), messages_(heap), attachments_(heap), signatures_(heap), sums_(heap) {}

Result<void> Catalog::add(const records::Message& message,
                          const std::vector<std::string>& sources) {
  if (counts_.messages == 0) {
    TRY(messages_.append(
        "id,date,date_source,from,from_name,to,cc,subject,message_id,in_reply_to,thread,status,"
        "reason,domains,aligned,flags,attachments,size,sha256,sources,problems\n"));
    TRY(attachments_.append("message_id,part,filename,type,size,sha256\n"));
    TRY(signatures_.append(
        "id,n,kind,domain,selector,algorithm,canonicalization,key_bits,result,reason,body_hash,"
        "header_signature,flags\n"));
  }
  count(message, sources.size());
  TRY(add_message(message, sources));
  TRY(add_attachments(message));
  TRY(add_signatures(message));
  const std::string id = view::id_text(message);
  return sums_.append(to_hex(store::bytes_of(message.sha256())) + "  eml/by-id/" + id.substr(0, 2) +
                      "/" + id + ".eml\n");
}

// The columns thread and aligned are filled by what finds threads and aligns domains; until then
// they are empty.
Result<void> Catalog::add_message(const records::Message& message,
                                  const std::vector<std::string>& sources) {
  CsvRow row;
  row.add(view::id_text(message))
      .add(time_text(message.date()))
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
      .add("")
      .add_list(strings_of(message.flags()))
      .add(message.attachments() == nullptr ? 0 : message.attachments()->size())
      .add(message.sources()->Get(0)->extent().length())
      .add(to_hex(store::bytes_of(message.sha256())))
      .add_list(sources)
      .add_list(strings_of(message.problems()));
  return messages_.append(row.take());
}

Result<void> Catalog::add_attachments(const records::Message& message) {
  if (message.attachments() == nullptr) return {};
  CsvRow row;
  for (const records::Attachment* attachment : *message.attachments()) {
    row.add(view::id_text(message))
        .add(attachment->part())
        .add(text_of(attachment->filename()))
        .add(text_of(attachment->type()))
        .add(attachment->size())
        .add(to_hex(store::bytes_of(attachment->sha256())));
    TRY(attachments_.append(row.take()));
  }
  return {};
}

Result<void> Catalog::add_signatures(const records::Message& message) {
  CsvRow row;
  std::uint64_t n = 0;
  for (const dkim::SignatureReport& signature : view::report_of(message).signatures) {
    row.add(view::id_text(message))
        .add(++n)
        .add(dkim::word(signature.kind))
        .add(signature.domain)
        .add(signature.selector)
        .add(signature.algorithm)
        .add(signature.canonicalization)
        .add(signature.key_bits > 0 ? std::to_string(signature.key_bits) : std::string())
        .add(dkim::word(signature.result))
        .add(dkim::word(signature.reason))
        .add(dkim::word(signature.body_hash))
        .add(dkim::word(signature.header_signature))
        .add_list(signature.flags);
    TRY(signatures_.append(row.take()));
  }
  return {};
}

void Catalog::count(const records::Message& message, std::size_t sources) {
  const bool is_verified = static_cast<dkim::Status>(message.status()) == dkim::Status::verified;
  ++counts_.messages;
  counts_.sources += sources;
  counts_.attachments += message.attachments() == nullptr ? 0 : message.attachments()->size();
  if (is_verified) {
    ++counts_.verified;
  } else {
    ++counts_.reasons[std::string(dkim::word(static_cast<dkim::Reason>(message.reason())))];
  }
  const std::optional<UnixTime> date = message.date();
  if (date) widen(counts_.first, counts_.last, *date);
  const std::string_view address = text_of(message.from_address());
  if (address.empty()) return;
  Sender& sender = senders_[std::string(address)];
  if (sender.name.empty()) sender.name = text_of(message.from_name());
  ++sender.messages;
  sender.verified += is_verified ? 1 : 0;
  if (date) widen(sender.first, sender.last, *date);
  counts_.senders = senders_.size();
}

Result<records::FileT> Catalog::senders() {
  std::vector<const std::pair<const std::string, Sender>*> sorted;
  for (const auto& sender : senders_) sorted.push_back(&sender);
  std::ranges::sort(sorted, {}, [](const auto* sender) { return sender->first; });
  store::BlockWriter file(heap_);
  TRY(file.append("address,name,messages,verified,first,last\n"));
  CsvRow row;
  for (const auto* sender : sorted) {
    row.add(sender->first)
        .add(sender->second.name)
        .add(sender->second.messages)
        .add(sender->second.verified)
        .add(time_text(sender->second.first))
        .add(time_text(sender->second.last));
    TRY(file.append(row.take()));
  }
  return file.finish();
}

Result<records::FileT> Catalog::problems(const std::vector<Problem>& problems) {
  store::BlockWriter file(heap_);
  TRY(file.append("source,offset,kind,detail\n"));
  CsvRow row;
  for (const Problem& problem : problems) {
    row.add(problem.source).add(problem.offset).add(problem.kind).add(problem.detail);
    TRY(file.append(row.take()));
  }
  return file.finish();
}

Result<std::map<std::string, records::FileT>> Catalog::finish(
    const std::vector<Problem>& found_problems) {
  std::map<std::string, records::FileT> files;
  files["catalog/messages.csv"] = TRY(messages_.finish());
  files["catalog/attachments.csv"] = TRY(attachments_.finish());
  files["catalog/signatures.csv"] = TRY(signatures_.finish());
  files["catalog/SHA256SUMS"] = TRY(sums_.finish());
  files["catalog/senders.csv"] = TRY(senders());
  files["catalog/problems.csv"] = TRY(problems(found_problems));
  return files;
}

}  // namespace leakfs::build
