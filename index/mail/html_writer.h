// SPDX-License-Identifier: GPL-3.0-or-later
// Plain text from a walk over HTML elements: what each element does to lines and blanks. It does
// not care whether elements nest or close.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leakfs::mail {

constexpr int html_indent_max = 5;                  // quotes and lists that are shown as such
constexpr std::size_t html_target_size_max = 2000;  // bytes of a link target that are shown

enum class HtmlDisplay : std::uint8_t {
  inline_text,
  line,       // starts and ends a line
  paragraph,  // with an empty line around it
  list,
  numbered_list,
  item,
  row,
  cell,
  quote,
  preformatted,
  rule,
  line_break,
  hidden,
  link,
  image,
};

// How the element of that lower-case name is shown.
HtmlDisplay html_display(std::string_view name);

class HtmlWriter {
 public:
  explicit HtmlWriter(std::size_t size_hint) { out_.reserve(size_hint); }

  // Starts an element. `target` is what a link leads to.
  void start(HtmlDisplay display, std::string_view target = {});
  void end(HtmlDisplay display);
  // Text of the element, its entities decoded.
  void text(std::string_view text);
  // The whole text: no blanks at line ends, no empty line at either end, and a last line feed.
  std::string finish();

 private:
  enum class Break : std::uint8_t { none, line, empty_line };

  void need(Break wanted);
  void break_line();
  void start_cell();
  void start_item();
  void end_link();
  void open_line();
  void emit(std::string_view word);
  void preformatted_text(std::string_view text);

  std::string out_;
  Break break_ = Break::none;  // before the next word
  bool is_space_due_ = false;  // the same
  int tabs_due_ = 0;           // the same
  int quotes_ = 0;
  int preformatted_ = 0;
  int cells_ = 0;               // of the row, so far
  bool is_cell_empty_ = false;  // nothing was written since the cell began
  std::vector<int> lists_;      // number of the last item; -1 in a list without numbers
  std::string bullet_;          // before the next word, if it starts a line
  std::string target_;          // of the link that is open, or empty
  std::size_t link_start_ = 0;  // in out_
};

}  // namespace leakfs::mail
