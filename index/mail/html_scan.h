// SPDX-License-Identifier: GPL-3.0-or-later
// HTML cut into tags and text in one linear pass, by the tokenizer rules of the HTML standard
// §13.2.5 but without a tree. It judges what may be given to a tree builder, and reads what may
// not.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace leakfs::mail {

constexpr std::size_t html_name_size_max = 15;  // longer element names are cut; none is that long

struct HtmlToken {
  enum class Kind : std::uint8_t { text, raw_text, start_tag, end_tag };
  Kind kind = Kind::text;
  std::string_view text;       // of text, undecoded; of a tag, all of its attributes
  std::size_t attributes = 0;  // of a start tag: how many it has
  std::uint8_t name_size = 0;  // of a tag
  std::array<char, html_name_size_max> name_bytes = {};

  // The element's name in lower case. For raw_text: of the element around it (script, title, ...).
  std::string_view name() const { return {name_bytes.data(), name_size}; }
};

// Comments, declarations and processing instructions are skipped.
class HtmlScanner {
 public:
  explicit HtmlScanner(std::string_view html) : rest_(html) {}

  // The next token; false at the end. An unfinished tag or comment ends the text.
  bool next(HtmlToken& token);

 private:
  bool scan_markup(HtmlToken& token);
  void scan_tag(HtmlToken& token);
  void scan_raw_text(HtmlToken& token);

  std::string_view rest_;
  bool is_raw_ = false;  // what follows is no markup, but the content of raw_element_
  HtmlToken raw_element_;
};

// The value of an attribute as it stands in HtmlToken::text, entities and all; empty if absent.
std::string_view html_attribute(std::string_view attributes, std::string_view name);

// True for elements whose content is no markup: script, style, title, textarea, ...
bool is_raw_text_element(std::string_view name);

}  // namespace leakfs::mail
