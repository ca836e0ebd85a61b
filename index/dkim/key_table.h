// SPDX-License-Identifier: GPL-3.0-or-later
// Key records by the name they stand under, from whatever files. Names are complete and in lower
// case, without the final dot.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "index/dkim/key_record.h"

namespace leakfs::dkim {

class KeyTable {
 public:
  // A record that is there already is not added; what the new one says of its provenance is.
  void add(const std::string& name, const KeyRecord& record);
  // A CNAME: the records of `target` are those of `name` as well.
  void add_alias(const std::string& name, const std::string& target);

  // After the last record of a file: gives aliases their records, and marks each key that is called
  // compromised anywhere.
  void settle();

  std::span<const KeyRecord> find(const std::string& name) const;
  std::unordered_set<std::string_view> alias_targets() const;
  std::size_t size() const { return size_; }

 private:
  void resolve_aliases();
  void spread_compromise();

  std::unordered_map<std::string, std::vector<KeyRecord>> records_;
  std::unordered_map<std::string, std::string> aliases_;
  std::size_t size_ = 0;
};

}  // namespace leakfs::dkim
