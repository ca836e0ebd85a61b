// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/catalog.h"

#include <algorithm>
#include <utility>

#include "index/build/csv.h"
#include "index/dkim/report.h"
#include "index/store/records.h"

namespace leakfs::build {
namespace {

using store::text_of;

std::string time_text(std::optional<UnixTime> time) { return time ? format_iso(*time) : ""; }

void widen(std::optional<UnixTime>& first, std::optional<UnixTime>& last, UnixTime time) {
  first = std::min(first.value_or(time), time);
  last = std::max(last.value_or(time), time);
}

}  // namespace

Catalog::Catalog(store::HeapWriter& heap)
    : heap_(heap), messages_(heap), attachments_(heap), signatures_(heap), sums_(heap) {}

// The header rows, which are there even without a message.
Result<void> Catalog::start() {
  if (std::exchange(is_started_, true)) return {};
  TRY(messages_.append(messages_header));
  TRY(attachments_.append(attachments_header));
  return signatures_.append(signatures_header);
}

Result<void> Catalog::add(const records::Message& message, const CatalogRows& rows) {
  TRY(start());
  count(message);
  missing_keys_.add(message);
  TRY(messages_.append(rows.messages));
  TRY(attachments_.append(rows.attachments));
  TRY(signatures_.append(rows.signatures));
  return sums_.append(rows.sums);
}

void Catalog::count(const records::Message& message) {
  const bool is_verified = static_cast<dkim::Status>(message.status()) == dkim::Status::verified;
  ++counts_.messages;
  counts_.sources += message.sources()->size();
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
  TRY(start());
  std::map<std::string, records::FileT> files;
  files["catalog/messages.csv"] = TRY(messages_.finish());
  files["catalog/attachments.csv"] = TRY(attachments_.finish());
  files["catalog/signatures.csv"] = TRY(signatures_.finish());
  files["catalog/SHA256SUMS"] = TRY(sums_.finish());
  files["catalog/senders.csv"] = TRY(senders());
  files["catalog/problems.csv"] = TRY(problems(found_problems));
  store::BlockWriter missing_keys(heap_);
  TRY(missing_keys.append(missing_keys_.rows()));
  files["catalog/missing-keys.csv"] = TRY(missing_keys.finish());
  return files;
}

}  // namespace leakfs::build
