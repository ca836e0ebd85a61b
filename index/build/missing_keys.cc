// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/missing_keys.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "index/build/csv.h"
#include "index/dkim/report.h"
#include "index/store/records.h"

namespace leakfs::build {

void MissingKeys::add(const records::Message& message) {
  if (message.signatures() == nullptr) return;
  std::map<Name, bool> named;  // whether the body is intact; a message counts once for a key
  for (const records::Signature* signature : *message.signatures()) {
    const bool is_missing =
        static_cast<dkim::KeyState>(signature->key()) == dkim::KeyState::missing;
    if (!is_missing || signature->is_malformed()) continue;
    const Name name{.domain = std::string(store::text_of(signature->domain())),
                    .selector = std::string(store::text_of(signature->selector()))};
    named[name] |= static_cast<dkim::BodyHash>(signature->body_hash()) == dkim::BodyHash::ok;
  }
  for (const auto& [name, is_intact] : named) {
    Need& need = needs_[name];
    ++need.messages;
    need.intact += is_intact ? 1 : 0;
    const std::optional<UnixTime> date = message.date();
    if (!date) continue;
    need.first = std::min(need.first.value_or(*date), *date);
    need.last = std::max(need.last.value_or(*date), *date);
  }
}

std::string MissingKeys::rows() const {
  std::vector<const std::pair<const Name, Need>*> sorted;
  for (const auto& need : needs_) sorted.push_back(&need);
  std::ranges::sort(sorted, [](const auto* a, const auto* b) {
    return std::tie(b->second.messages, a->first) < std::tie(a->second.messages, b->first);
  });
  std::string text = "selector,domain,messages,first,last,body_intact\n";
  CsvRow row;
  for (const auto* need : sorted) {
    const auto& [name, counts] = *need;
    row.add(name.selector)
        .add(name.domain)
        .add(counts.messages)
        .add(counts.first ? format_iso(*counts.first) : std::string())
        .add(counts.last ? format_iso(*counts.last) : std::string())
        .add(counts.intact);
    text += row.take();
  }
  return text;
}

}  // namespace leakfs::build
