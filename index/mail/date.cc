// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/date.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "index/mail/ascii.h"
#include "index/mail/header.h"

namespace leakfs::mail {
namespace {

constexpr std::size_t tokens_max = 32;
constexpr int zone_max = 14 * 60;  // minutes; the earth has none beyond

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A run of digits, a word, a time "10:22:05", or a sign with digits.
struct Token {
  enum class Kind : std::uint8_t { number, word, time, zone } kind;
  std::string_view text;
};

// True where the colon that follows is one within a time: after one or two digits.
bool ends_with_hour(std::string_view text) {
  const std::size_t before = text.find_last_not_of("0123456789");
  const std::size_t digits = text.size() - (before == std::string_view::npos ? 0 : before + 1);
  return digits == 1 || digits == 2;
}

// Without comments and, RFC 5322 §4.3, without white space around the colons of a time. Nothing is
// lost by "(UTC)" and the like: zones are numbers.
std::string without_comments(std::string_view text) {
  std::string plain;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && depth > 0) {
      ++i;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && depth > 0) {
      --depth;
    } else if (depth == 0 && c == ':') {
      const std::string_view before =
          std::string_view(plain).substr(0, plain.find_last_not_of(" \t") + 1);
      if (ends_with_hour(before)) plain.resize(before.size());
      plain += c;
    } else if (depth == 0 && !((c == ' ' || c == '\t') && plain.ends_with(':'))) {
      plain += c;
    }
  }
  return plain;
}

// Cuts at white space, commas, dashes between parts of a date, and changes from digit to letter.
std::vector<Token> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t i = 0;
  bool has_time = false;
  while (i < text.size() && tokens.size() < tokens_max) {
    const char c = text[i];
    const std::size_t start = i;
    if (is_digit(c)) {
      while (i < text.size() && is_digit(text[i])) ++i;
      bool is_time = false;
      // "10:22:05", and with dots "10.22.05" where no time came before.
      while (i + 1 < text.size() && (text[i] == ':' || (text[i] == '.' && !has_time && is_time)) &&
             is_digit(text[i + 1])) {
        is_time = true;
        ++i;
        while (i < text.size() && is_digit(text[i])) ++i;
      }
      has_time |= is_time;
      tokens.push_back(
          {is_time ? Token::Kind::time : Token::Kind::number, text.substr(start, i - start)});
    } else if (is_letter(c)) {
      while (i < text.size() && is_letter(text[i])) ++i;
      tokens.push_back({Token::Kind::word, text.substr(start, i - start)});
    } else if ((c == '+' || c == '-') && has_time && i + 1 < text.size() && is_digit(text[i + 1])) {
      ++i;
      while (i < text.size() && (is_digit(text[i]) || text[i] == ':')) ++i;
      tokens.push_back({Token::Kind::zone, text.substr(start, i - start)});
    } else {
      ++i;
    }
  }
  return tokens;
}

int number_of(std::string_view digits) {
  int value = 0;
  for (const char c : digits.substr(0, 6)) value = value * 10 + (c - '0');
  return value;
}

bool begins_with(std::string_view word, std::string_view prefix) {
  return word.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), word.begin(),
                                                    [](char a, char b) { return a == lower(b); });
}

// 1 to 12, or 0.
int month_of(std::string_view word) {
  constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (begins_with(word, months[i])) return static_cast<int>(i) + 1;
  }
  return 0;
}

bool is_weekday(std::string_view word) {
  constexpr std::array<std::string_view, 7> days = {"mon", "tue", "wed", "thu",
                                                    "fri", "sat", "sun"};
  return std::ranges::any_of(days, [&](std::string_view day) { return begins_with(word, day); });
}

// RFC 5322 §4.3, and the names that Europe uses. Minutes east of UTC.
std::optional<int> named_zone(std::string_view word) {
  struct Zone {
    std::string_view name;
    int minutes;
  };
  constexpr Zone zones[] = {
      {"ut", 0},      {"utc", 0},     {"gmt", 0},    {"z", 0},        {"wet", 0},    {"est", -300},
      {"edt", -240},  {"cst", -360},  {"cdt", -300}, {"mst", -420},   {"mdt", -360}, {"pst", -480},
      {"pdt", -420},  {"met", 60},    {"cet", 60},   {"mez", 60},     {"west", 60},  {"bst", 60},
      {"mest", 120},  {"cest", 120},  {"mesz", 120}, {"metdst", 120}, {"eet", 120},  {"eest", 180},
      {"msk", 180},   {"msd", 240},   {"jst", 540},  {"kst", 540},    {"ist", 330},  {"hst", -600},
      {"akst", -540}, {"akdt", -480}, {"aest", 600}, {"aedt", 660},   {"nzst", 720}, {"nzdt", 780}};
  for (const Zone& zone : zones) {
    if (zone.name.size() == word.size() && begins_with(word, zone.name)) return zone.minutes;
  }
  return std::nullopt;
}

struct Clock {
  int hour = 0;
  int minute = 0;
  int second = 0;
};

Clock clock_of(std::string_view text) {
  std::array<int, 3> parts = {};
  std::size_t part = 0;
  for (const char c : text) {
    if (!is_digit(c)) {
      if (++part == parts.size()) break;
    } else if (parts[part] < 1000) {
      parts[part] = parts[part] * 10 + (c - '0');
    }
  }
  return {parts[0], parts[1], parts[2]};
}

// RFC 5322 §4.3: two digits are 2000 to 2049 or 1950 to 1999, three count from 1900.
int full_year(std::string_view digits) {
  const int year = number_of(digits);
  if (digits.size() == 2) return year < 50 ? 2000 + year : 1900 + year;
  if (digits.size() == 3) return 1900 + year;
  return year;
}

// Collects the parts of a date from tokens in any of the orders that mail uses.
class DateReader {
 public:
  std::optional<DateTime> read(std::string_view text) {
    const std::string plain = without_comments(text);
    for (const Token& token : tokenize(plain)) take(token);
    if (!clock_ || month_ == 0 || numbers_.size() < 2) return std::nullopt;
    // A day has at most two digits and comes first, but for "2017-04-24".
    std::string_view day = numbers_[0];
    std::string_view year = numbers_[1];
    if (day.size() > 2) std::swap(day, year);
    const std::optional<UnixTime> local = to_unix({.year = full_year(year),
                                                   .month = month_,
                                                   .day = number_of(day),
                                                   .hour = clock_->hour,
                                                   .minute = clock_->minute,
                                                   .second = clock_->second});
    if (!local) return std::nullopt;
    DateTime date;
    date.zone_minutes = static_cast<std::int16_t>(zone_.value_or(0));
    date.is_zone_known = zone_.has_value();
    date.time = *local - static_cast<UnixTime>(date.zone_minutes) * 60;
    if (date.time < time_min || date.time > time_max) return std::nullopt;
    return date;
  }

 private:
  void take(const Token& token) {
    switch (token.kind) {
      case Token::Kind::time:
        if (!clock_) clock_ = clock_of(token.text);
        break;
      case Token::Kind::number:
        // "2017-04-24": the second of three numbers is the month.
        if (month_ == 0 && numbers_.size() == 1 && numbers_[0].size() == 4) {
          month_ = number_of(token.text);
        } else if (numbers_.size() < 2) {
          numbers_.push_back(token.text);
        }
        break;
      case Token::Kind::word:
        take_word(token.text);
        break;
      case Token::Kind::zone:
        take_zone(token.text);
        break;
    }
  }

  void take_word(std::string_view word) {
    if (clock_ && (lower(word[0]) == 'p' || lower(word[0]) == 'a') && word.size() == 2 &&
        lower(word[1]) == 'm') {
      if (lower(word[0]) == 'p' && clock_->hour < 12) clock_->hour += 12;
      if (lower(word[0]) == 'a' && clock_->hour == 12) clock_->hour = 0;
      return;
    }
    if (is_weekday(word) && numbers_.empty() && month_ == 0) return;
    if (month_ == 0 && month_of(word) > 0) {
      month_ = month_of(word);
      return;
    }
    if (clock_ && !zone_) zone_ = named_zone(word);
  }

  // RFC 5322 §3.3: "-0000" says that nothing is known of the zone. A number wins over a name.
  void take_zone(std::string_view text) {
    if (has_numeric_zone_) return;
    std::string digits;
    for (const char c : text.substr(1)) {
      if (c != ':') digits += c;
    }
    if (digits.size() == 1 || digits.size() == 3) digits.insert(0, "0");
    if (digits.size() == 2) digits += "00";
    if (digits.size() != 4) return;
    const int minutes = number_of(std::string_view(digits).substr(0, 2)) * 60 +
                        number_of(std::string_view(digits).substr(2));
    if (minutes > zone_max) return;
    has_numeric_zone_ = true;
    if (text == "-0000") {
      zone_.reset();
    } else {
      zone_ = text[0] == '-' ? -minutes : minutes;
    }
  }

  std::optional<Clock> clock_;
  std::vector<std::string_view> numbers_;  // day and year
  int month_ = 0;
  std::optional<int> zone_;
  bool has_numeric_zone_ = false;
};

}  // namespace

std::optional<DateTime> parse_date(Bytes value) { return DateReader().read(unfold(value)); }

std::optional<DateTime> parse_received_date(Bytes value) {
  const std::size_t semicolon = value.rfind(';');
  if (semicolon == Bytes::npos) return std::nullopt;
  if (const std::optional<DateTime> date = parse_date(value.substr(semicolon + 1))) return date;
  // The last ";" may stand in a comment behind the date.
  const std::string plain = without_comments(unfold(value));
  const std::size_t last = plain.rfind(';');
  if (last == std::string::npos) return std::nullopt;
  return parse_date(Bytes(plain).substr(last + 1));
}

std::optional<DateTime> parse_from_line_date(Bytes line) {
  // "From sender Mon Apr 24 08:22:05 2017": the sender may hold digits and words.
  const std::size_t sender = line.find(' ');
  if (sender == Bytes::npos) return std::nullopt;
  const std::size_t date = line.find(' ', line.find_first_not_of(' ', sender));
  if (date == Bytes::npos) return std::nullopt;
  // Archives of mailing lists write "bob at may.example", so the last weekday is where it starts.
  for (std::size_t blank = line.rfind(' '); blank > date; blank = line.rfind(' ', blank - 1)) {
    const Bytes word = line.substr(blank + 1, line.find(' ', blank + 1) - blank - 1);
    if (word.size() == 3 && is_weekday(word)) return parse_date(line.substr(blank));
  }
  return parse_date(line.substr(date));
}

}  // namespace leakfs::mail
