// SPDX-License-Identifier: GPL-3.0-or-later
// A key file is read line by line. Two forms of line, which the start of the value tells apart:
//
//   sel._domainkey.example.org. 3600 IN TXT "v=DKIM1; " "p=..." ; seen=2012-01/2016-10
//   sel._domainkey.example.org  v=DKIM1; p=...
//
// Parentheses carry the first form over several lines (RFC 1035 §5.1).
#include "index/dkim/keyring.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "index/base/file.h"
#include "index/base/line.h"
#include "index/base/utf8.h"
#include "index/dkim/tag_list.h"

namespace leakfs::dkim {

struct Keyring::State {
  std::unordered_map<std::string, std::vector<KeyRecord>> records;
  std::size_t count = 0;
};

namespace {

constexpr std::uint64_t key_file_size_max = 1_GiB;

// A record before its text is understood.
struct Line {
  std::string name;
  std::optional<ByteString> text;  // absent: of another type than TXT
  ByteString comment;
};

bool is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\r'; }

Bytes skip_blanks(Bytes text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

// Takes the next word off `text`.
Bytes take_word(Bytes& text) {
  text = skip_blanks(text);
  std::size_t length = 0;
  while (length < text.size() && !is_blank(text[length])) ++length;
  const Bytes word = text.substr(0, length);
  text = skip_blanks(text.substr(length));
  return word;
}

// Takes a quoted string (RFC 1035 §5.1: "\X" is X, "\DDD" a byte) off `text`, behind its opening
// quote. Absent without a closing one.
std::optional<ByteString> take_quoted(Bytes& text) {
  ByteString value;
  while (!text.empty()) {
    const char byte = text.front();
    text.remove_prefix(1);
    if (byte == '"') return value;
    if (byte != '\\' || text.empty()) {
      value += byte;
      continue;
    }
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() >= 3 && std::ranges::all_of(text.substr(0, 3), is_digit)) {
      value += static_cast<char>((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0'));
      text.remove_prefix(3);
    } else {
      value += text.front();
      text.remove_prefix(1);
    }
  }
  return std::nullopt;
}

// The strings behind TXT, and the comment. Absent if they cannot be read.
std::optional<Line> take_strings(Line line, Bytes rest) {
  line.text.emplace();
  while (!(rest = skip_blanks(rest)).empty()) {
    const char byte = rest.front();
    if (byte == ';') {
      line.comment = rest.substr(1);
      return line;
    }
    if (byte == '(' || byte == ')') {
      rest.remove_prefix(1);
    } else if (byte == '"') {
      rest.remove_prefix(1);
      const std::optional<ByteString> value = take_quoted(rest);
      if (!value) return std::nullopt;
      *line.text += *value;
    } else {
      *line.text += take_word(rest);
    }
  }
  return line;
}

bool is_number(Bytes word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

// "name value": a comment at its end is known by its words, for ";" is a part of the value.
Line plain_line(Line line, Bytes rest) {
  std::size_t end = rest.size();
  for (const std::string_view word : {"seen=", "compromised-since=", "source="}) {
    const std::size_t at = rest.find(word);
    const std::size_t semicolon = at == Bytes::npos ? at : rest.rfind(';', at);
    if (semicolon != Bytes::npos && skip_blanks(rest.substr(semicolon + 1)).starts_with(word)) {
      end = std::min(end, semicolon);
    }
  }
  line.text = rest.substr(0, end);
  if (end < rest.size()) line.comment = rest.substr(end + 1);
  return line;
}

std::optional<Line> parse_line(Bytes text) {
  Line line;
  Bytes name = take_word(text);
  if (name.ends_with('.')) name.remove_suffix(1);
  line.name = lower_case(name);
  if (line.name.empty() || text.empty()) return std::nullopt;
  Bytes rest = text;
  std::string word = lower_case(take_word(rest));
  if (is_number(word)) word = lower_case(take_word(rest));
  if (word == "in") word = lower_case(take_word(rest));
  if (is_number(word)) word = lower_case(take_word(rest));
  if (word == "txt") return take_strings(std::move(line), rest);
  // A tag list has "=" in its first word or right behind it.
  if (word.find('=') != std::string::npos || rest.starts_with('=')) {
    return plain_line(std::move(line), text);
  }
  return line;
}

// How many parentheses a line opens beyond those it closes, outside of strings and comments.
int open_parentheses(Bytes text) {
  int open = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char byte = text[i];
    if (byte == '\\') {
      ++i;
    } else if (byte == '"') {
      is_quoted = !is_quoted;
    } else if (!is_quoted) {
      if (byte == ';') break;
      if (byte == '(') ++open;
      if (byte == ')') --open;
    }
  }
  return open;
}

// Joins the lines within parentheses; `number` counts those that were taken. A comment inside of
// them ends at its line.
ByteString take_record(Bytes& text, std::size_t& number) {
  constexpr std::size_t lines_max = 100;
  ByteString record(take_line(text));
  ++number;
  int open = open_parentheses(record);
  for (std::size_t lines = 1; open > 0 && lines < lines_max && !text.empty(); ++lines) {
    const Bytes line = take_line(text);
    ++number;
    open += open_parentheses(line);
    record += ' ';
    record += line;
  }
  return record;
}

}  // namespace

Keyring::Keyring() : state_(std::make_unique<State>()) {}
Keyring::~Keyring() = default;
Keyring::Keyring(Keyring&&) noexcept = default;
Keyring& Keyring::operator=(Keyring&&) noexcept = default;

void Keyring::add(Bytes text, const std::string& file, std::vector<KeyFileProblem>& problems) {
  std::size_t number = 0;
  ByteString comment_above;
  while (!text.empty()) {
    const std::size_t first = number + 1;
    const ByteString raw = take_record(text, number);
    const Bytes content = trim_fws(raw);
    if (content.empty() || content.starts_with(';') || content.starts_with('#')) {
      comment_above = content.empty() ? Bytes() : content.substr(1);
      continue;
    }
    const std::string above = std::exchange(comment_above, {});
    if (content.starts_with('$')) {
      problems.push_back({file, first, "directives are not read; write names in full"});
      continue;
    }
    const std::optional<Line> line = parse_line(content);
    if (!line) {
      problems.push_back({file, first, "no key record; expected NAME IN TXT \"...\""});
      continue;
    }
    if (!line->text || line->name.find("._domainkey.") == std::string::npos) continue;
    KeyRecord record = parse_key_record(*line->text);
    for (const ByteString& comment : {above, line->comment}) {
      if (add_provenance(record, comment)) continue;
      problems.push_back({file, first,
                          "compromised-since= has no date such as 2020-01-31; the key counts as "
                          "compromised"});
    }
    if (record.state == KeyRecord::State::malformed) {
      problems.push_back(
          {file, first,
           fmt::format("the key of {} cannot be used: {}", one_line(line->name), record.flaw)});
    }
    state_->records[line->name].push_back(std::move(record));
    ++state_->count;
  }
}

Result<void> Keyring::load(const std::string& path, std::vector<KeyFileProblem>& problems) {
  const std::string hint = "name a readable key file with --keys, or leave it out";
  const File file = TRY(File::open(path));
  const std::uint64_t size = TRY(file.size());
  if (size > key_file_size_max) return input_error(path + ": too large for a key file", hint);
  const ByteString text = TRY_WITHIN(path, file.read(0, size));
  add(text, path, problems);
  return {};
}

std::span<const KeyRecord> Keyring::find(std::string_view selector, std::string_view domain) const {
  const std::string name = lower_case(fmt::format("{}._domainkey.{}", selector, domain));
  const auto found = state_->records.find(name);
  if (found == state_->records.end()) return {};
  return found->second;
}

std::size_t Keyring::size() const { return state_->count; }

}  // namespace leakfs::dkim
