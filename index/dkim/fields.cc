// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/fields.h"

#include <algorithm>
#include <unordered_set>

#include "index/dkim/tag_list.h"

namespace leakfs::dkim {
namespace {

void add(Selection& selection, const mail::Field* field, const std::string& name, bool is_first) {
  selection.fields.push_back(field);
  if (is_first) selection.names.push_back(name);
}

}  // namespace

FieldIndex::FieldIndex(const mail::Header& header) {
  for (std::size_t i = header.fields.size(); i-- > 0;) {
    by_name_[lower_case(header.fields[i].name)].push_back(&header.fields[i]);
  }
}

std::size_t FieldIndex::count(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? 0 : found->second.size();
}

const mail::Field* FieldIndex::find(const std::string& name, std::size_t nth) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() || nth >= found->second.size() ? nullptr : found->second[nth];
}

std::size_t Selection::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(fields, [name](const mail::Field* field) { return field->is(name); }));
}

Selection select_bottom_up(const FieldIndex& fields, const std::vector<std::string>& names,
                           const mail::Field& own, bool only_below) {
  Selection selection;
  std::unordered_map<std::string_view, std::size_t> taken;
  for (const std::string& name : names) {
    std::size_t& nth = taken[name];
    const bool is_first = nth == 0;
    const mail::Field* field = fields.find(name, nth++);
    // RFC 6376 §3.5: the signature's own name in h= means the others.
    if (field == &own) field = fields.find(name, nth++);
    // A name more often than its field stands for the absence of more.
    if (field == nullptr || (only_below && field < &own)) continue;
    add(selection, field, name, is_first);
  }
  return selection;
}

Selection select_below(const mail::Header& header, const std::vector<std::string>& names,
                       const mail::Field& own) {
  Selection selection;
  const mail::Field* const end = header.fields.data() + header.fields.size();
  if (names.empty()) {
    std::unordered_set<std::string> seen;
    for (const mail::Field* field = &own + 1; field < end; ++field) {
      const std::string name = lower_case(field->name);
      add(selection, field, name, seen.insert(name).second);
    }
    return selection;
  }
  std::unordered_map<std::string, std::vector<const mail::Field*>> below;  // top to bottom
  for (const mail::Field* field = &own + 1; field < end; ++field) {
    below[lower_case(field->name)].push_back(field);
  }
  std::unordered_map<std::string_view, std::size_t> mentions;
  for (const std::string& name : names) ++mentions[name];
  std::unordered_map<std::string_view, std::size_t> taken;
  for (const std::string& name : names) {
    const std::vector<const mail::Field*>& candidates = below[name];
    std::size_t& from = taken[name];
    // Those that the later mentions leave to this one: the first takes all but one each.
    const std::size_t later = --mentions[name];
    const std::size_t to = candidates.size() > later ? candidates.size() - later : 0;
    for (; from < to; ++from) add(selection, candidates[from], name, from == 0);
  }
  return selection;
}

}  // namespace leakfs::dkim
