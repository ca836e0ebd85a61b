// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/html_writer.h"

#include <algorithm>
#include <array>

#include "index/base/utf8.h"
#include "index/mail/ascii.h"

namespace leakfs::mail {
namespace {

constexpr std::size_t lists_max = 100;  // nested; those beyond count as the innermost
constexpr int tabs_max = 8;             // in a row, for empty cells

struct ElementDisplay {
  std::string_view name;
  HtmlDisplay display;
};

constexpr ElementDisplay displays[] = {
    {"a", HtmlDisplay::link},
    {"address", HtmlDisplay::line},
    {"article", HtmlDisplay::line},
    {"aside", HtmlDisplay::line},
    {"blockquote", HtmlDisplay::quote},
    {"br", HtmlDisplay::line_break},
    {"caption", HtmlDisplay::line},
    {"center", HtmlDisplay::line},
    {"dd", HtmlDisplay::line},
    {"dir", HtmlDisplay::list},
    {"div", HtmlDisplay::line},
    {"dl", HtmlDisplay::paragraph},
    {"dt", HtmlDisplay::line},
    {"fieldset", HtmlDisplay::line},
    {"footer", HtmlDisplay::line},
    {"form", HtmlDisplay::line},
    {"h1", HtmlDisplay::paragraph},
    {"h2", HtmlDisplay::paragraph},
    {"h3", HtmlDisplay::paragraph},
    {"h4", HtmlDisplay::paragraph},
    {"h5", HtmlDisplay::paragraph},
    {"h6", HtmlDisplay::paragraph},
    {"header", HtmlDisplay::line},
    {"hr", HtmlDisplay::rule},
    {"iframe", HtmlDisplay::hidden},
    {"img", HtmlDisplay::image},
    {"li", HtmlDisplay::item},
    {"listing", HtmlDisplay::preformatted},
    {"menu", HtmlDisplay::list},
    {"noembed", HtmlDisplay::hidden},
    {"noframes", HtmlDisplay::hidden},
    {"ol", HtmlDisplay::numbered_list},
    {"option", HtmlDisplay::line},
    {"p", HtmlDisplay::paragraph},
    {"plaintext", HtmlDisplay::preformatted},
    {"pre", HtmlDisplay::preformatted},
    {"script", HtmlDisplay::hidden},
    {"section", HtmlDisplay::line},
    {"style", HtmlDisplay::hidden},
    {"table", HtmlDisplay::line},
    {"td", HtmlDisplay::cell},
    {"template", HtmlDisplay::hidden},
    {"textarea", HtmlDisplay::preformatted},
    {"th", HtmlDisplay::cell},
    {"title", HtmlDisplay::hidden},
    {"tr", HtmlDisplay::row},
    {"ul", HtmlDisplay::list},
    {"xmp", HtmlDisplay::preformatted},
};
static_assert(std::ranges::is_sorted(displays, {}, &ElementDisplay::name));

// Bytes that emit() must look at: white space, and what may start an invisible character.
constexpr std::array<bool, 256> stops = [] {
  std::array<bool, 256> table = {};
  for (const unsigned char c : {' ', '\t', '\n', '\v', '\f', '\r'}) table[c] = true;
  table[0xc2] = table[0xe2] = table[0xef] = true;
  return table;
}();

std::size_t word_end(std::string_view text, std::size_t from) {
  while (from < text.size() && !stops[static_cast<unsigned char>(text[from])]) ++from;
  return from;
}

constexpr std::string_view no_break_space = "\u00A0";
constexpr std::string_view invisible[] = {"\u00AD", "\u200B", "\uFEFF"};

// The scheme of what a reader may follow; a target of another one (javascript:, #, cid:) says
// nothing to him.
bool is_shown_target(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://", "ftp://", "mailto:"}) {
    if (target.size() > scheme.size() &&
        std::ranges::equal(target.substr(0, scheme.size()), scheme, {}, lower)) {
      return true;
    }
  }
  return false;
}

std::string_view without_scheme(std::string_view target) {
  const std::size_t colon = target.find(':');
  if (colon != std::string_view::npos && colon < 7) target.remove_prefix(colon + 1);
  while (target.starts_with('/')) target.remove_prefix(1);
  while (target.ends_with('/')) target.remove_suffix(1);
  return target;
}

}  // namespace

HtmlDisplay html_display(std::string_view name) {
  const auto* found = std::ranges::lower_bound(displays, name, {}, &ElementDisplay::name);
  return found != std::end(displays) && found->name == name ? found->display
                                                            : HtmlDisplay::inline_text;
}

// A cell's first block starts where the cell does.
void HtmlWriter::need(Break wanted) {
  if (!is_cell_empty_) break_ = std::max(break_, wanted);
}

void HtmlWriter::break_line() { break_ = break_ == Break::none ? Break::line : Break::empty_line; }

void HtmlWriter::start(HtmlDisplay display, std::string_view target) {
  switch (display) {
    case HtmlDisplay::line:
      return need(Break::line);
    case HtmlDisplay::paragraph:
      return need(Break::empty_line);
    case HtmlDisplay::list:
    case HtmlDisplay::numbered_list:
      need(Break::line);
      if (lists_.size() < lists_max) {
        lists_.push_back(display == HtmlDisplay::numbered_list ? 0 : -1);
      }
      return;
    case HtmlDisplay::item:
      return start_item();
    case HtmlDisplay::row:
      need(Break::line);
      cells_ = 0;
      return;
    case HtmlDisplay::cell:
      return start_cell();
    case HtmlDisplay::quote:
      is_cell_empty_ = false;
      need(Break::line);
      ++quotes_;
      return;
    case HtmlDisplay::preformatted:
      need(Break::line);
      ++preformatted_;
      return;
    case HtmlDisplay::rule:
      need(Break::line);
      emit("----");
      return need(Break::line);
    case HtmlDisplay::line_break:
      return break_line();
    case HtmlDisplay::link:
      while (!target.empty() && is_white(target.front())) target.remove_prefix(1);
      while (!target.empty() && is_white(target.back())) target.remove_suffix(1);
      target_ = is_shown_target(target) ? target : std::string_view();
      link_start_ = out_.size();
      return;
    case HtmlDisplay::inline_text:
    case HtmlDisplay::hidden:
    case HtmlDisplay::image:
      return;
  }
}

void HtmlWriter::end(HtmlDisplay display) {
  switch (display) {
    case HtmlDisplay::line:
    case HtmlDisplay::item:
    case HtmlDisplay::row:
      return need(Break::line);
    case HtmlDisplay::paragraph:
      return need(Break::empty_line);
    case HtmlDisplay::list:
    case HtmlDisplay::numbered_list:
      if (!lists_.empty()) lists_.pop_back();
      bullet_.clear();
      return need(Break::line);
    case HtmlDisplay::cell:
      // The next cell goes on the same line, whatever block this one ended with.
      if (!is_cell_empty_) break_ = Break::none;
      is_cell_empty_ = false;
      return;
    case HtmlDisplay::quote:
      if (quotes_ > 0) --quotes_;
      return need(Break::line);
    case HtmlDisplay::preformatted:
      if (preformatted_ > 0) --preformatted_;
      return need(Break::line);
    case HtmlDisplay::link:
      return end_link();
    case HtmlDisplay::inline_text:
    case HtmlDisplay::rule:
    case HtmlDisplay::line_break:
    case HtmlDisplay::hidden:
    case HtmlDisplay::image:
      return;
  }
}

void HtmlWriter::start_cell() {
  if (cells_ > 0 && tabs_due_ < tabs_max) ++tabs_due_;
  ++cells_;
  is_cell_empty_ = true;
}

void HtmlWriter::start_item() {
  is_cell_empty_ = false;
  need(Break::line);
  const int depth = std::min(static_cast<int>(lists_.size()), html_indent_max);
  bullet_.assign(static_cast<std::size_t>(std::max(depth - 1, 0)) * 2, ' ');
  if (lists_.empty() || lists_.back() < 0) {
    bullet_ += "* ";
  } else {
    bullet_ += std::to_string(++lists_.back());
    bullet_ += ". ";
  }
}

void HtmlWriter::end_link() {
  if (target_.empty()) return;
  std::string_view shown = std::string_view(out_).substr(link_start_);
  while (!shown.empty() && (is_white(shown.front()) || shown.front() == '>')) {
    shown.remove_prefix(1);
  }
  const std::string target = std::move(target_);
  target_.clear();
  if (without_scheme(shown) == without_scheme(target)) return;
  is_space_due_ = true;
  emit("<");
  out_ += cut_utf8(target, html_target_size_max);
  out_ += '>';
}

// Writes what is due before a word, line starts included.
void HtmlWriter::open_line() {
  const bool is_start = out_.empty();
  if (is_start || break_ != Break::none) {
    const int level = std::min(quotes_, html_indent_max);
    if (!is_start) {
      out_ += '\n';
      if (break_ == Break::empty_line) {
        for (int i = 0; i < level; ++i) out_ += i == 0 ? ">" : " >";
        out_ += '\n';
      }
    }
    for (int i = 0; i < level; ++i) out_ += "> ";
    out_ += bullet_;
    bullet_.clear();
  } else if (tabs_due_ > 0) {
    out_.append(static_cast<std::size_t>(tabs_due_), '\t');
  } else if (is_space_due_) {
    out_ += ' ';
  }
  break_ = Break::none;
  is_space_due_ = false;
  tabs_due_ = 0;
  is_cell_empty_ = false;
}

void HtmlWriter::emit(std::string_view word) {
  if (break_ != Break::none || tabs_due_ > 0 || is_space_due_ || is_cell_empty_ || out_.empty()) {
    open_line();
  }
  out_ += word;
}

void HtmlWriter::text(std::string_view text) {
  if (preformatted_ > 0) return preformatted_text(text);
  std::size_t i = 0;
  while (i < text.size()) {
    if (const std::size_t end = word_end(text, i); end > i) {
      emit(text.substr(i, end - i));
      i = end;
      continue;
    }
    const std::string_view rest = text.substr(i);
    if (is_white(rest.front())) {
      is_space_due_ = true;
      ++i;
    } else if (rest.starts_with(no_break_space)) {
      is_space_due_ = true;
      i += no_break_space.size();
    } else {
      const std::size_t length = std::max<std::size_t>(decode_utf8(rest).length, 1);
      if (std::ranges::find(invisible, rest.substr(0, length)) == std::end(invisible)) {
        emit(rest.substr(0, length));
      }
      i += length;
    }
  }
}

void HtmlWriter::preformatted_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    if (end > 0) emit(text.substr(0, end));
    text.remove_prefix(end);
    if (text.empty()) return;
    text.remove_prefix(text.starts_with("\r\n") ? 2 : 1);
    is_cell_empty_ = false;
    break_line();
  }
}

std::string HtmlWriter::finish() {
  if (!out_.empty()) out_ += '\n';
  return std::move(out_);
}

}  // namespace leakfs::mail
