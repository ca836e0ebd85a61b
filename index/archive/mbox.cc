// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/mbox.h"

#include <algorithm>
#include <array>
#include <utility>

namespace leakfs::archive {
namespace {

constexpr std::string_view from = "From ";
constexpr std::size_t separator_size_max = from_line_size_max + 2;  // with its line end

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

// "8:22" or "08:22:05"
bool is_time_of_day(Bytes word) {
  const std::size_t colon = word.find(':');
  return (colon == 1 || colon == 2) && word.size() >= colon + 3 &&
         std::ranges::all_of(word, [](char c) { return is_digit(c) || c == ':'; });
}

// "2017", or "2017-04-24".
bool is_year(Bytes word) {
  const Bytes year = word.substr(0, 4);
  return (word.size() == 4 || (word.size() == 10 && word[4] == '-')) &&
         std::ranges::all_of(year, is_digit) && (year.starts_with("19") || year.starts_with("20"));
}

template <std::size_t size>
bool is_one_of(Bytes word, const std::array<Bytes, size>& names) {
  return std::ranges::find(names, word.substr(0, 3)) != names.end() && word.size() <= 4;
}

bool is_weekday(Bytes word) {
  constexpr std::array<Bytes, 7> names = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  return is_one_of(word, names);
}

bool is_month(Bytes word) {
  constexpr std::array<Bytes, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return is_one_of(word, names);
}

Bytes take_word(Bytes& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r"), text.size()));
  const Bytes word = text.substr(0, text.find_first_of(" \t\r"));
  text.remove_prefix(word.size());
  return word;
}

bool is_empty_line(Bytes line) { return line == "\n" || line == "\r\n"; }

}  // namespace

bool is_from_line(Bytes line) {
  if (!line.starts_with(from) || line.size() > from_line_size_max) return false;
  line.remove_prefix(from.size());
  bool has_time = false;
  bool has_year = false;
  // The envelope sender; some programs leave it out and have the weekday here.
  bool has_weekday = is_weekday(take_word(line));
  bool has_month = false;
  for (Bytes word = take_word(line); !word.empty(); word = take_word(line)) {
    has_time |= is_time_of_day(word);
    has_year |= is_year(word);
    has_weekday |= is_weekday(word);
    has_month |= is_month(word);
  }
  return has_time && (has_year || (has_weekday && has_month));
}

Result<void> MboxSplitter::add(Bytes bytes) {
  while (!bytes.empty()) {
    const std::size_t newline = bytes.find('\n');
    const bool has_end = newline != Bytes::npos;
    const Bytes piece = bytes.substr(0, has_end ? newline + 1 : bytes.size());
    bytes.remove_prefix(piece.size());
    if (is_in_line_) {
      is_in_line_ = !has_end;
      TRY(take_content(piece));
      continue;
    }
    start_ += piece;
    // A line that can no more be a From_ line or an empty one need not be collected.
    const bool is_open =
        start_.size() <= separator_size_max &&
        (Bytes(start_).starts_with(from) || from.starts_with(start_) || start_ == "\r");
    if (!has_end && is_open) continue;
    is_in_line_ = !has_end;
    const ByteString line = std::exchange(start_, {});
    TRY(take_line(line));
  }
  return {};
}

// A line from its start: whole, unless it is too long to be of interest.
Result<void> MboxSplitter::take_line(Bytes line) {
  if (may_separate_ && line.size() <= separator_size_max) {
    Bytes content = line;
    while (content.ends_with('\n') || content.ends_with('\r')) content.remove_suffix(1);
    if (is_from_line(content)) return take_from_line(line);
  }
  const bool is_empty = is_empty_line(line);
  if (is_empty && is_in_message_) {
    TRY(take_content({}));  // an empty line before this one is the message's
    empty_line_ = line;
  } else {
    TRY(take_content(line));
  }
  may_separate_ = is_empty;
  return {};
}

Result<void> MboxSplitter::take_from_line(Bytes line) {
  if (is_in_message_) TRY(visitor_.end_message());
  if (junk_ > 0) TRY(visitor_.junk(offset_ - junk_, junk_));
  junk_ = 0;
  offset_ += empty_line_.size() + line.size();
  empty_line_.clear();
  is_in_message_ = true;
  may_separate_ = false;
  Bytes content = line;
  while (content.ends_with('\n') || content.ends_with('\r')) content.remove_suffix(1);
  return visitor_.begin_message(offset_, content);
}

// Bytes that are no separator, behind the empty line that was held back.
Result<void> MboxSplitter::take_content(Bytes bytes) {
  const ByteString empty_line = std::exchange(empty_line_, {});
  offset_ += empty_line.size() + bytes.size();
  if (!is_in_message_) {
    junk_ += bytes.size();
    return {};
  }
  if (!empty_line.empty()) TRY(visitor_.message_data(empty_line));
  if (bytes.empty()) return {};
  return visitor_.message_data(bytes);
}

Result<void> MboxSplitter::finish() {
  if (!start_.empty()) TRY(take_line(std::exchange(start_, {})));
  // The last message has no separator behind it; its empty line is the mbox's own all the same.
  offset_ += empty_line_.size();
  empty_line_.clear();
  if (is_in_message_) TRY(visitor_.end_message());
  if (junk_ > 0) TRY(visitor_.junk(offset_ - junk_, junk_));
  is_in_message_ = false;
  junk_ = 0;
  return {};
}

}  // namespace leakfs::archive
