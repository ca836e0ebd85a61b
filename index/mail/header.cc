// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/header.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "index/mail/ascii.h"

namespace leakfs::mail {
namespace {

// The line at the front of `rest`, with its line end. A lone CR ends no line.
Bytes line_of(Bytes rest) {
  const std::size_t end = rest.find('\n');
  return rest.substr(0, end == Bytes::npos ? rest.size() : end + 1);
}

Bytes without_line_end(Bytes line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// RFC 5322 §2.2: a field name is printable ASCII but for the colon. White space before the colon
// is obsolete syntax (§4.5).
std::optional<std::size_t> colon_of(Bytes line) {
  std::size_t i = 0;
  while (i < line.size() && line[i] > ' ' && line[i] < 0x7f && line[i] != ':') ++i;
  if (i == 0) return std::nullopt;
  std::size_t colon = i;
  while (colon < line.size() && is_blank(line[colon])) ++colon;
  if (colon == line.size() || line[colon] != ':') return std::nullopt;
  return colon;
}

// RFC 5322 Appendix A.6.3: "From  :" is the field.
bool is_from_line(Bytes line) {
  return (line.starts_with("From ") || line.starts_with(">From ")) && !colon_of(line);
}

class Splitter {
 public:
  explicit Splitter(Bytes entity) : entity_(entity) {}

  Header run() {
    skip_preamble();
    while (at_ < entity_.size()) {
      if (at_ - header_.start > header_size_max) {
        header_.flags.is_cut = true;
        skip_to_body();
        break;
      }
      const Bytes line = line_of(entity_.substr(at_));
      if (without_line_end(line).empty()) {
        at_ += line.size();
        break;
      }
      if (!take_line(line)) break;
    }
    end_field();
    header_.body_offset = at_;
    return std::move(header_);
  }

 private:
  // A BOM, blank lines and one From_ line, in any number that exports have been seen to add.
  void skip_preamble() {
    if (entity_.starts_with("\xef\xbb\xbf")) at_ = 3;
    while (at_ < entity_.size()) {
      const Bytes line = line_of(entity_.substr(at_));
      if (is_from_line(line)) {
        if (header_.from_line.empty()) header_.from_line = without_line_end(line);
      } else if (!without_line_end(line).empty()) {
        break;
      }
      at_ += line.size();
    }
    // Blank lines and nothing else: the header is empty and the body is what follows the first.
    if (at_ == entity_.size()) at_ = line_of(entity_).size();
    header_.flags.has_from_line = at_ > 0;
    header_.start = at_;
  }

  // False where the body starts at this line.
  bool take_line(Bytes line) {
    const bool is_continuation = is_blank(line.front()) && field_end_ > field_start_;
    if (is_continuation) {
      field_end_ = at_ + line.size();
      junk_lines_ = 0;
    } else if (const std::optional<std::size_t> colon = colon_of(line); colon) {
      end_field();
      field_start_ = at_;
      field_end_ = at_ + line.size();
      colon_ = *colon;
      junk_lines_ = 0;
    } else {
      // One stray line is damage; two are a body whose empty line was lost.
      end_field();
      header_.flags.has_junk = true;
      if (++junk_lines_ == 2 && !header_.fields.empty()) {
        at_ = junk_at_;
        return false;
      }
      if (junk_lines_ == 1) junk_at_ = at_;
    }
    at_ += line.size();
    return true;
  }

  void end_field() {
    if (field_end_ == field_start_) return;
    const Bytes raw = entity_.substr(field_start_, field_end_ - field_start_);
    field_start_ = field_end_ = 0;
    if (header_.fields.size() == fields_max) {
      header_.flags.has_too_many = true;
      return;
    }
    Bytes name = raw.substr(0, colon_);
    while (is_blank(name.back())) name.remove_suffix(1);
    header_.fields.push_back(
        {.raw = raw, .name = name, .value = without_line_end(raw.substr(colon_ + 1))});
    header_.flags.has_large_field |= raw.size() > field_size_max;
  }

  // Behind the empty line, without looking at what is before it.
  void skip_to_body() {
    while (at_ < entity_.size()) {
      const Bytes line = line_of(entity_.substr(at_));
      at_ += line.size();
      if (without_line_end(line).empty()) return;
    }
  }

  const Bytes entity_;
  Header header_;
  std::size_t at_ = 0;
  std::size_t field_start_ = 0;
  std::size_t field_end_ = 0;
  std::size_t colon_ = 0;
  std::size_t junk_at_ = 0;
  int junk_lines_ = 0;
};

}  // namespace

bool Field::is(std::string_view other) const {
  return name.size() == other.size() &&
         std::equal(name.begin(), name.end(), other.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

const Field* Header::first(std::string_view name) const {
  const auto found = std::ranges::find_if(fields, [&](const Field& f) { return f.is(name); });
  return found == fields.end() ? nullptr : &*found;
}

std::size_t Header::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(fields, [&](const Field& field) { return field.is(name); }));
}

Header parse_header(Bytes entity) { return Splitter(entity).run(); }

ByteString unfold(Bytes value) {
  value = value.substr(0, field_size_max);
  while (!value.empty() && is_space(value.front())) value.remove_prefix(1);
  while (!value.empty() && is_space(value.back())) value.remove_suffix(1);
  ByteString text;
  text.reserve(value.size());
  for (const char c : value) {
    if (c != '\r' && c != '\n') text += c;
  }
  return text;
}

}  // namespace leakfs::mail
