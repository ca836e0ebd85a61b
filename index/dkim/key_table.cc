// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/key_table.h"

#include <algorithm>

namespace leakfs::dkim {
namespace {

constexpr int aliases_max = 8;  // that follow each other

}  // namespace

void KeyTable::add(const std::string& name, const KeyRecord& record) {
  records_[name].push_back(record);
  ++size_;
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
  aliases_.clear();
}

void KeyTable::add_alias(const std::string& name, const std::string& target) {
  aliases_.try_emplace(name, target);
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
