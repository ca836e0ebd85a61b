// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/tag_list.h"

#include <algorithm>

#include "index/base/utf8.h"

namespace leakfs::dkim {
namespace {

constexpr bool is_alpha(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool is_tag_name(Bytes name) {
  if (name.empty() || !is_alpha(name.front())) return false;
  return std::ranges::all_of(name, [](char byte) {
    return is_alpha(byte) || (byte >= '0' && byte <= '9') || byte == '_';
  });
}

}  // namespace

std::optional<TagList> TagList::parse(Bytes text) {
  TagList list;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const Bytes piece = trim_fws(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    // Empty pieces, which the grammar allows at the end only, take nothing from the meaning.
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    if (equals == Bytes::npos || list.tags_.size() == tags_max) return std::nullopt;
    const Tag tag{.name = trim_fws(piece.substr(0, equals)),
                  .value = trim_fws(piece.substr(equals + 1))};
    if (!is_tag_name(tag.name) || list.find(tag.name)) return std::nullopt;
    list.tags_.push_back(tag);
  }
  return list;
}

std::optional<Bytes> TagList::find(Bytes name) const {
  const auto found = std::ranges::find(tags_, name, &Tag::name);
  if (found == tags_.end()) return std::nullopt;
  return found->value;
}

Bytes TagList::first_name() const { return tags_.empty() ? Bytes() : tags_.front().name; }

Bytes trim_fws(Bytes text) {
  while (!text.empty() && is_fws(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_fws(text.back())) text.remove_suffix(1);
  return text;
}

ByteString without_fws(Bytes text) {
  ByteString rest(text);
  std::erase_if(rest, is_fws);
  return rest;
}

std::vector<std::string> split_colons(Bytes text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(':'), text.size());
    const Bytes item = trim_fws(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!item.empty()) items.push_back(lower_case(item));
  }
  return items;
}

std::string lower_case(Bytes text) {
  std::string lower(text);
  for (char& byte : lower) {
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
  }
  return lower;
}

std::string excerpt(Bytes text) {
  constexpr std::size_t size_max = 60;
  return std::string(cut_utf8(one_line(text), size_max));
}

}  // namespace leakfs::dkim
