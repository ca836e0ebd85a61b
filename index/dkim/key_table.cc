// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/key_table.h"

#include <algorithm>

namespace leakfs::dkim {
namespace {

constexpr int aliases_max = 8;  // that follow each other

}  // namespace

void KeyTable::add(const std::string& name, const KeyRecord& record) {
  std::vector<KeyRecord>& present = records_[name];
  const auto same = std::ranges::find(present, record.text, &KeyRecord::text);
  if (same == present.end()) {
    present.push_back(record);
    ++size_;
    return;
  }
  if (same->provenance.empty()) same->provenance = record.provenance;
  if (!record.compromised_since) return;
  same->compromised_since =
      std::min(*record.compromised_since, same->compromised_since.value_or(time_max));
}

// Gives the name of an alias the records that it leads to.
void KeyTable::resolve_aliases() {
  for (const auto& [name, first] : aliases_) {
    std::string target = first;
    for (int i = 0; i < aliases_max && !records_.contains(target); ++i) {
      const auto next = aliases_.find(target);
      if (next == aliases_.end()) break;
      target = next->second;
    }
    const auto found = records_.find(target);
    if (found == records_.end() || target == name) continue;
    const std::vector<KeyRecord> copies = found->second;
    for (const KeyRecord& record : copies) add(name, record);
  }
}

// A private key is public whatever names the public one stands under.
void KeyTable::spread_compromise() {
  std::unordered_map<Bytes, UnixTime> public_since;
  for (const auto& [name, list] : records_) {
    for (const KeyRecord& record : list) {
      if (!record.key || !record.compromised_since) continue;
      const UnixTime since = *record.compromised_since;
      const auto at = public_since.try_emplace(record.key_data, since).first;
      at->second = std::min(at->second, since);
    }
  }
  if (public_since.empty()) return;
  for (auto& [name, list] : records_) {
    for (KeyRecord& record : list) {
      const auto found = public_since.find(record.key_data);
      if (record.key && found != public_since.end()) record.compromised_since = found->second;
    }
  }
}

void KeyTable::add_alias(const std::string& name, const std::string& target) {
  aliases_.try_emplace(name, target);
}

void KeyTable::settle() {
  resolve_aliases();
  spread_compromise();
}

std::span<const KeyRecord> KeyTable::find(const std::string& name) const {
  const auto found = records_.find(name);
  if (found == records_.end()) return {};
  return found->second;
}

std::unordered_set<std::string_view> KeyTable::alias_targets() const {
  std::unordered_set<std::string_view> targets;
  for (const auto& [name, target] : aliases_) targets.insert(target);
  return targets;
}

}  // namespace leakfs::dkim
