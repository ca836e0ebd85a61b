// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/html_scan.h"

#include <algorithm>
#include <cstring>

#include "index/mail/ascii.h"

namespace leakfs::mail {
namespace {

constexpr std::size_t npos = std::string_view::npos;

// ASCII whitespace of the WHATWG Infra Standard, §4.6.
bool is_html_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
  return std::ranges::equal(text, lower_case, {}, lower);
}

struct Attribute {
  std::string_view name;
  std::string_view value;
};

// Takes one attribute off `text`, which is behind the name of a tag. False where the tag ends;
// `text` then starts with ">" or is empty.
bool take_attribute(std::string_view& text, Attribute& attribute) {
  std::size_t i = 0;
  while (i < text.size() && (is_html_space(text[i]) || text[i] == '/')) ++i;
  const std::size_t name_start = i;
  // §13.2.5.32: a "=" in front belongs to the name.
  if (i < text.size() && text[i] == '=') ++i;
  while (i < text.size() && !is_html_space(text[i]) && text[i] != '/' && text[i] != '>' &&
         text[i] != '=') {
    ++i;
  }
  attribute = {.name = text.substr(name_start, i - name_start), .value = {}};
  const std::size_t name_end = i;
  while (i < text.size() && is_html_space(text[i])) ++i;
  if (i == text.size() || text[i] != '=') {
    text.remove_prefix(name_end);
    return !attribute.name.empty();
  }
  ++i;
  while (i < text.size() && is_html_space(text[i])) ++i;
  if (i < text.size() && (text[i] == '"' || text[i] == '\'')) {
    const std::size_t end = text.find(text[i], i + 1);
    attribute.value = text.substr(i + 1, end == npos ? npos : end - i - 1);
    text.remove_prefix(end == npos ? text.size() : end + 1);
    return true;
  }
  const std::size_t value_start = i;
  while (i < text.size() && !is_html_space(text[i]) && text[i] != '>') ++i;
  attribute.value = text.substr(value_start, i - value_start);
  text.remove_prefix(i);
  return true;
}

// The text behind the comment or declaration that starts `text` ("<!", "<?" or "</" and no letter).
std::string_view behind_declaration(std::string_view text) {
  std::size_t end;
  if (text.starts_with("<!-->")) {
    end = 5;
  } else if (text.starts_with("<!--->")) {
    end = 6;
  } else if (text.starts_with("<!--")) {
    end = text.find("--", 4);
    while (end != npos) {
      if (end + 2 < text.size() && text[end + 2] == '>') {
        end += 3;
        break;
      }
      if (text.substr(end).starts_with("--!>")) {
        end += 4;
        break;
      }
      end = text.find("--", end + 1);
    }
  } else {
    end = text.find('>');
    if (end != npos) ++end;
  }
  return end == npos ? std::string_view() : text.substr(end);
}

}  // namespace

bool is_raw_text_element(std::string_view name) {
  static constexpr std::string_view names[] = {
      "iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title", "xmp"};
  return std::ranges::find(names, name) != std::end(names);
}

bool HtmlScanner::next(HtmlToken& token) {
  if (is_raw_) {
    is_raw_ = false;
    scan_raw_text(token);
    if (!token.text.empty()) return true;
  }
  while (!rest_.empty()) {
    if (rest_.front() == '<' && scan_markup(token)) {
      if (token.name_size > 0) return true;
      continue;  // a comment, or a tag without an end
    }
    // Text goes up to the next "<", the first character is text whatever it is.
    const std::size_t end = std::min(rest_.find('<', 1), rest_.size());
    token.kind = HtmlToken::Kind::text;
    token.text = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return true;
  }
  return false;
}

// Takes a tag, comment or declaration off; false if "<" is but a character.
bool HtmlScanner::scan_markup(HtmlToken& token) {
  token.name_size = 0;
  if (rest_.size() < 2) return false;
  const char c = rest_[1];
  if (is_letter(c)) {
    token.kind = HtmlToken::Kind::start_tag;
    rest_.remove_prefix(1);
    scan_tag(token);
    is_raw_ = is_raw_text_element(token.name());
    if (is_raw_) raw_element_ = token;
    return true;
  }
  if (c == '/' && rest_.size() > 2 && is_letter(rest_[2])) {
    token.kind = HtmlToken::Kind::end_tag;
    rest_.remove_prefix(2);
    scan_tag(token);
    return true;
  }
  if (c != '!' && c != '?' && c != '/') return false;
  rest_ = behind_declaration(rest_);
  return true;
}

void HtmlScanner::scan_tag(HtmlToken& token) {
  std::size_t i = 0;
  for (; i < rest_.size() && !is_html_space(rest_[i]) && rest_[i] != '/' && rest_[i] != '>'; ++i) {
    if (i < html_name_size_max) token.name_bytes[i] = lower(rest_[i]);
  }
  token.name_size = static_cast<std::uint8_t>(std::min(i, html_name_size_max));
  rest_.remove_prefix(i);
  const std::string_view start = rest_;
  token.attributes = 0;
  Attribute attribute;
  while (take_attribute(rest_, attribute)) ++token.attributes;
  const std::size_t end = start.find('>', start.size() - rest_.size());
  if (end == npos) {
    token.name_size = 0;
    rest_ = {};
    return;
  }
  token.text = start.substr(0, end);
  rest_ = start.substr(end + 1);
}

// Up to the end tag of the element that was just opened, or to the end.
void HtmlScanner::scan_raw_text(HtmlToken& token) {
  token = raw_element_;
  token.kind = HtmlToken::Kind::raw_text;
  const std::string_view name = token.name();
  for (std::size_t i = rest_.find("</"); i != npos; i = rest_.find("</", i + 2)) {
    const std::string_view tag = rest_.substr(i + 2);
    if (tag.size() > name.size() && equals_ignoring_case(tag.substr(0, name.size()), name) &&
        (is_html_space(tag[name.size()]) || tag[name.size()] == '/' || tag[name.size()] == '>')) {
      token.text = rest_.substr(0, i);
      rest_.remove_prefix(i);
      return;
    }
  }
  token.text = rest_;
  rest_ = {};
}

std::string_view html_attribute(std::string_view attributes, std::string_view name) {
  Attribute attribute;
  while (take_attribute(attributes, attribute)) {
    if (equals_ignoring_case(attribute.name, name)) return attribute.value;
  }
  return {};
}

}  // namespace leakfs::mail
