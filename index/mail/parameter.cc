// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/parameter.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "index/mail/ascii.h"
#include "index/mail/charset.h"
#include "index/mail/encoded_word.h"
#include "index/mail/header.h"

namespace leakfs::mail {
namespace {

// One "name=value" as written, the quotes undone.
struct RawParameter {
  std::string name;
  ByteString value;
};

Bytes without_space_behind(Bytes text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// RFC 2045 §5.1: a comment behind a value is no part of it. One in the middle is, for real mail has
// "report (1).pdf".
Bytes without_comment_behind(Bytes text) {
  int depth = 0;
  for (std::size_t i = text.size(); text.ends_with(')') && i > 0; --i) {
    if (i > 1 && text[i - 2] == '\\') continue;
    if (text[i - 1] == ')') ++depth;
    if (text[i - 1] == '(' && --depth == 0) {
      text = without_space_behind(text.substr(0, i - 1));
      i = text.size() + 1;
    }
  }
  return text;
}

// Reads a value from the left; comments (RFC 5322 §3.2.2) count as white space.
class Scanner {
 public:
  explicit Scanner(Bytes text) : text_(text) {}

  bool is_at_end() const { return at_ >= text_.size(); }

  void skip_space() {
    int depth = 0;
    while (!is_at_end()) {
      const char c = text_[at_];
      if (c == '(') {
        ++depth;
      } else if (c == ')' && depth > 0) {
        --depth;
      } else if (depth == 0 && !is_space(c)) {
        return;
      } else if (c == '\\' && depth > 0) {
        ++at_;
      }
      at_ = std::min(at_ + 1, text_.size());
    }
  }

  // Up to one of `ends`, a comment or white space.
  ByteString word(std::string_view ends) {
    const std::size_t start = at_;
    while (!is_at_end() && !is_space(text_[at_]) && text_[at_] != '(' &&
           ends.find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    return ByteString(text_.substr(start, at_ - start));
  }

  // A quoted string, or everything up to ";" : real mail has unquoted blanks in file names.
  ByteString value() {
    if (!take('"')) {
      const std::size_t start = at_;
      at_ = std::min(text_.find(';', at_), text_.size());
      const Bytes found = without_space_behind(text_.substr(start, at_ - start));
      return ByteString(without_comment_behind(found));
    }
    ByteString found;
    while (!is_at_end() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      if (text_[at_] != '\r' && text_[at_] != '\n') found += text_[at_];
      ++at_;
    }
    take('"');
    return found;
  }

  bool take(char c) {
    if (is_at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // Behind the next ";".
  void skip_parameter() {
    at_ = std::min(text_.find(';', at_), text_.size());
    take(';');
  }

 private:
  Bytes text_;
  std::size_t at_ = 0;
};

std::string to_lower_ascii(ByteString text) {
  std::ranges::transform(text, text.begin(), lower);
  return text;
}

ByteString decode_percent(Bytes text) {
  ByteString bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr ==
            text.data() + i + 3) {
      bytes += static_cast<char>(value);
      i += 2;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

// The segments of one parameter: name*0, name*1*, ... (RFC 2231 §3 and §4).
struct Segments {
  std::map<unsigned, std::pair<ByteString, bool>> parts;  // by number; is it percent-encoded
};

std::string join(const Segments& segments) {
  ByteString joined;
  std::string charset;
  bool is_encoded = false;
  for (const auto& [number, part] : segments.parts) {
    Bytes value = part.first;
    if (!part.second) {
      joined += value;
      continue;
    }
    // charset'language'text, on the first segment only.
    if (!is_encoded && number == 0) {
      const std::size_t first = value.find('\'');
      const std::size_t second = first == Bytes::npos ? first : value.find('\'', first + 1);
      if (second != Bytes::npos) {
        charset = value.substr(0, first);
        value.remove_prefix(second + 1);
      }
    }
    is_encoded = true;
    joined += decode_percent(value);
  }
  return is_encoded ? to_utf8(joined, charset) : decode_text(joined);
}

// Splits "name*1*" into name, number and whether it is encoded.
struct SegmentName {
  std::string name;
  unsigned number = 0;
  bool is_encoded = false;
  bool is_segment = false;
};

SegmentName parse_segment_name(std::string name) {
  SegmentName result;
  if (name.ends_with('*')) {
    result.is_encoded = result.is_segment = true;
    name.pop_back();
  }
  if (const std::size_t star = name.rfind('*'); star != std::string::npos) {
    const char* end = name.data() + name.size();
    const auto [stop, code] = std::from_chars(name.data() + star + 1, end, result.number);
    if (code == std::errc() && stop == end && star > 0) {
      result.is_segment = true;
      name.resize(star);
    }
  }
  result.name = std::move(name);
  return result;
}

}  // namespace

std::optional<std::string_view> ParameterizedValue::parameter(std::string_view name) const {
  const auto found = std::ranges::find(parameters, name, &Parameter::name);
  if (found == parameters.end()) return std::nullopt;
  return found->value;
}

ParameterizedValue parse_parameterized(Bytes value) {
  ParameterizedValue result;
  Scanner scanner(value.substr(0, field_size_max));
  scanner.skip_space();
  result.value = to_lower_ascii(scanner.word(";"));
  scanner.skip_space();
  scanner.skip_parameter();
  std::map<std::string, Segments> segmented;  // RFC 2231 wins over a plain parameter of that name
  std::size_t count = 0;
  while (!scanner.is_at_end()) {
    scanner.skip_space();
    std::string name = to_lower_ascii(scanner.word("=;"));
    scanner.skip_space();
    if (name.empty() || !scanner.take('=')) {
      scanner.skip_parameter();
      continue;
    }
    if (++count > parameters_max) {
      result.is_cut = true;
      break;
    }
    scanner.skip_space();
    ByteString raw = scanner.value();
    scanner.skip_parameter();
    SegmentName segment = parse_segment_name(std::move(name));
    if (segment.is_segment) {
      segmented[segment.name].parts.try_emplace(segment.number, std::move(raw), segment.is_encoded);
    } else {
      result.parameters.push_back({.name = std::move(segment.name), .value = decode_text(raw)});
    }
  }
  std::vector<Parameter> joined;
  for (const auto& [name, segments] : segmented) {
    joined.push_back({.name = name, .value = join(segments)});
  }
  result.parameters.insert(result.parameters.begin(), joined.begin(), joined.end());
  return result;
}

}  // namespace leakfs::mail
