// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/repair.h"

#include <algorithm>
#include <array>
#include <utility>

#include "index/base/utf8.h"

namespace leakfs::dkim {
namespace {

// Footers are short, and only the last lines of a body can be one.
constexpr std::size_t footer_size_max = 8192;  // from the start of its marker line on
constexpr unsigned footers_max = 4;            // marker lines that are tried
constexpr std::size_t rule_length_min = 10;    // of a marker line that is a rule
constexpr std::size_t meta_size_max = 512;     // of the element
constexpr unsigned meta_ways = 4;

// The characters of windows-1252 at 0x80 to 0x9f; 0: none.
constexpr std::array<char32_t, 32> windows_1252 = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

// Takes the first line off `text`, with its line end.
Bytes take_whole_line(Bytes& text) {
  const std::size_t end = text.find('\n');
  const Bytes line = text.substr(0, end == Bytes::npos ? text.size() : end + 1);
  text.remove_prefix(line.size());
  return line;
}

// `body` with one byte less at the start of each line that `is_quoted` accepts.
template <typename IsQuoted>
std::optional<ByteString> unquoted(Bytes body, IsQuoted is_quoted) {
  ByteString result;
  result.reserve(body.size());
  const std::size_t size = body.size();
  while (!body.empty()) {
    Bytes line = take_whole_line(body);
    if (is_quoted(line)) line.remove_prefix(1);
    result += line;
  }
  if (result.size() == size) return std::nullopt;
  return result;
}

bool is_rule(Bytes line) {
  const std::size_t length = line.find_first_not_of("_-=~*#");
  return std::min(length, line.size()) >= rule_length_min;
}

// The line that starts what a list adds: a rule, or the separator of a signature ("-- ").
bool is_marker(Bytes line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' ')) {
    line.remove_suffix(1);
  }
  return line == "--" || is_rule(line);
}

bool is_same_without_case(Bytes text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char want, char have) {
           return want == (have >= 'A' && have <= 'Z' ? have - 'A' + 'a' : have);
         });
}

Range find_meta(Bytes body) {
  constexpr std::string_view start = "<meta http-equiv=";
  for (std::size_t at = body.find('<'); at != Bytes::npos; at = body.find('<', at + 1)) {
    if (!is_same_without_case(body.substr(at), start)) continue;
    Bytes rest = body.substr(at + start.size());
    if (is_same_without_case(rest, "3d")) rest.remove_prefix(2);
    if (!is_same_without_case(rest, "\"content-type\"")) continue;
    const std::size_t end = body.substr(at, meta_size_max).find('>');
    if (end != Bytes::npos) return {.offset = at, .length = end + 1};
  }
  return {};
}

}  // namespace

std::optional<Bytes> without_leading_line(Bytes body) {
  if (body.starts_with("\r\n")) return body.substr(2);
  if (body.starts_with('\n')) return body.substr(1);
  return std::nullopt;
}

std::optional<ByteString> without_double_cr(Bytes text) {
  ByteString result;
  std::size_t from = 0;
  for (std::size_t at = text.find("\r\r\n"); at != Bytes::npos; at = text.find("\r\r\n", from)) {
    result += text.substr(from, at - from);
    from = at + 1;
  }
  if (from == 0) return std::nullopt;
  result += text.substr(from);
  return result;
}

std::optional<ByteString> without_from_quoting(Bytes body) {
  return unquoted(body, [](Bytes line) {
    const std::size_t quotes = line.find_first_not_of('>');
    return quotes != Bytes::npos && quotes > 0 && line.substr(quotes).starts_with("From ");
  });
}

std::optional<ByteString> without_single_from_quoting(Bytes body) {
  return unquoted(body, [](Bytes line) { return line.starts_with(">From "); });
}

std::optional<ByteString> without_dot_stuffing(Bytes body) {
  return unquoted(body, [](Bytes line) { return line.starts_with(".."); });
}

std::optional<ByteString> utf8_to_latin1(Bytes text) {
  if (is_ascii(text)) return std::nullopt;
  ByteString result;
  result.reserve(text.size());
  while (!text.empty()) {
    const DecodedCharacter decoded = decode_utf8(text);
    if (!decoded.is_valid) return std::nullopt;
    text.remove_prefix(decoded.length);
    char32_t byte = decoded.character;
    if (byte > 0xff) {
      const auto found = std::ranges::find(windows_1252, byte);
      if (found == windows_1252.end()) return std::nullopt;
      byte = 0x80 + static_cast<char32_t>(found - windows_1252.begin());
    }
    result += static_cast<char>(byte);
  }
  return result;
}

std::optional<ByteString> latin1_to_utf8(Bytes text) {
  if (is_ascii(text)) return std::nullopt;
  ByteString result;
  result.reserve(text.size() + text.size() / 4);
  for (const char byte : text) {
    char32_t character = static_cast<unsigned char>(byte);
    if (character >= 0x80 && character < 0xa0 && windows_1252[character - 0x80] != 0) {
      character = windows_1252[character - 0x80];
    }
    append_utf8(result, character);
  }
  return result;
}

std::optional<ByteString> without_meta(Bytes body, unsigned nth) {
  const Range meta = find_meta(body);
  if (meta.length == 0) return std::nullopt;
  Bytes before = body.substr(0, meta.offset);
  Bytes after = body.substr(meta.end());
  const auto drop_start = [&after](Bytes text) {
    if (!after.starts_with(text)) return false;
    after.remove_prefix(text.size());
    return true;
  };
  switch (nth) {
    case 0:  // on a line of its own
      if (!drop_start("\r\n") && !drop_start("\n")) return std::nullopt;
      break;
    case 1:  // on a new line behind <head>
      if (before.ends_with('\n'))
        before.remove_suffix(1);
      else
        return std::nullopt;
      if (before.ends_with('\r')) before.remove_suffix(1);
      break;
    case 2:
      break;
    default:  // at the end of a quoted-printable line
      if (!drop_start("=\r\n") && !drop_start("=\n")) return std::nullopt;
  }
  ByteString result(before);
  result += after;
  return result;
}

std::optional<Bytes> without_footer(Bytes body, unsigned nth) {
  std::size_t end = body.size();
  while (end > 0) {
    // The line that ends at `end`.
    const std::size_t newline = end < 2 ? Bytes::npos : body.rfind('\n', end - 2);
    const std::size_t start = newline == Bytes::npos ? 0 : newline + 1;
    if (body.size() - start > footer_size_max) return std::nullopt;
    if (is_marker(body.substr(start, end - start)) && nth-- == 0) {
      // Below an empty body everything would be a footer.
      const Bytes above = body.substr(0, start);
      if (above.find_first_not_of(" \t\r\n") == Bytes::npos) return std::nullopt;
      return above;
    }
    end = start;
  }
  return std::nullopt;
}

bool repair_body(Bytes body, const std::function<bool(const BodyForm&)>& visit) {
  const auto give = [&visit](Repair repair, const auto& form) {
    return form && visit({.repair = repair, .body = *form});
  };
  if (visit({.repair = Repair::last_line_end, .body = body, .unended = true})) return true;
  if (give(Repair::leading_line, without_leading_line(body))) return true;
  if (give(Repair::cr_cr_lf, without_double_cr(body))) return true;
  const std::optional<ByteString> unquoted = without_from_quoting(body);
  if (give(Repair::from_quoting, unquoted)) return true;
  const std::optional<ByteString> single = without_single_from_quoting(body);
  if (single != unquoted && give(Repair::from_quoting, single)) return true;
  if (give(Repair::dot_stuffing, without_dot_stuffing(body))) return true;
  if (give(Repair::latin1, utf8_to_latin1(body))) return true;
  if (give(Repair::utf8, latin1_to_utf8(body))) return true;
  for (unsigned nth = 0; nth < meta_ways; ++nth) {
    if (give(Repair::meta, without_meta(body, nth))) return true;
  }
  for (unsigned nth = 0; nth < footers_max; ++nth) {
    if (give(Repair::footer, without_footer(body, nth))) return true;
  }
  return false;
}

std::string_view word(Repair repair) {
  switch (repair) {
    case Repair::none:
      break;
    case Repair::lf:
      return "lf";
    case Repair::from_line:
      return "from-line";
    case Repair::junk:
      return "junk";
    case Repair::last_line_end:
      return "last-line-end";
    case Repair::leading_line:
      return "leading-line";
    case Repair::cr_cr_lf:
      return "cr-cr-lf";
    case Repair::from_quoting:
      return "from-quoting";
    case Repair::dot_stuffing:
      return "dot-stuffing";
    case Repair::latin1:
      return "latin-1";
    case Repair::utf8:
      return "utf-8";
    case Repair::meta:
      return "meta";
    case Repair::footer:
      return "footer";
    case Repair::fields_on_top:
      return "fields-on-top";
  }
  return {};
}

}  // namespace leakfs::dkim
