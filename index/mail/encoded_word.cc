// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/encoded_word.h"

#include <algorithm>
#include <optional>

#include "index/base/utf8.h"
#include "index/mail/ascii.h"
#include "index/mail/charset.h"
#include "index/mail/header.h"
#include "index/mail/transfer.h"

namespace leakfs::mail {
namespace {

constexpr std::size_t words_max = 1000;  // decoded per field; the rest stays as it is

// "=?charset?B?text?="
struct EncodedWord {
  std::string_view charset;
  ByteString bytes;  // decoded, in that charset
  std::size_t length = 0;
};

// RFC 2047 §4.2: underscore is a blank.
ByteString decode_q(Bytes text) {
  ByteString spaced(text);
  std::ranges::replace(spaced, '_', ' ');
  // A blank at the end is content here, in quoted-printable it is not.
  std::size_t trailing = 0;
  while (spaced.ends_with(' ')) {
    spaced.pop_back();
    ++trailing;
  }
  return decode_transfer(spaced, TransferEncoding::quoted_printable) + ByteString(trailing, ' ');
}

std::optional<EncodedWord> parse_word(Bytes text) {
  if (!text.starts_with("=?")) return std::nullopt;
  const std::size_t charset_end = text.find('?', 2);
  if (charset_end == Bytes::npos || charset_end == 2 || charset_end + 2 >= text.size() ||
      text[charset_end + 2] != '?') {
    return std::nullopt;
  }
  const std::string_view charset = text.substr(2, charset_end - 2);
  if (std::ranges::any_of(charset, [](char c) { return c <= ' ' || (c & 0x80) != 0; })) {
    return std::nullopt;
  }
  const char encoding = text[charset_end + 1];
  if (encoding != 'B' && encoding != 'b' && encoding != 'Q' && encoding != 'q') return std::nullopt;
  const std::size_t start = charset_end + 3;
  const std::size_t end = text.find("?=", start);
  if (end == Bytes::npos) return std::nullopt;
  const Bytes encoded = text.substr(start, end - start);
  EncodedWord word;
  word.charset = charset;
  word.length = end + 2;
  const bool is_base64 = encoding == 'B' || encoding == 'b';
  word.bytes = is_base64 ? decode_base64(encoded) : decode_q(encoded);
  return word;
}

bool is_same_charset(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

}  // namespace

std::string decode_text(Bytes value) {
  ByteString unfolded = unfold(value);
  // RFC 5322 §3.2.2: folding white space means a blank, and many programs fold with a tab.
  std::ranges::replace(unfolded, '\t', ' ');
  Bytes rest = unfolded;
  if (rest.find("=?") == Bytes::npos) return is_ascii(rest) ? unfolded : to_utf8(rest, "");
  std::string text;
  ByteString pending;        // bytes of adjacent words in one charset
  std::string_view charset;  // of `pending`
  bool is_after_word = false;
  std::size_t words = 0;
  // No word is looked for where none can end: that would read the rest again at each "=?".
  const std::size_t last_end = unfolded.rfind("?=");
  const auto flush = [&] {
    if (!pending.empty()) text += to_utf8(pending, charset);
    pending.clear();
  };
  while (!rest.empty()) {
    std::size_t blanks = 0;
    while (blanks < rest.size() && is_blank(rest[blanks])) ++blanks;
    const Bytes behind = rest.substr(blanks);
    std::optional<EncodedWord> word;
    const bool has_end = last_end != ByteString::npos && unfolded.size() - behind.size() < last_end;
    if (has_end && words < words_max && (is_after_word || blanks == 0)) word = parse_word(behind);
    if (word) {
      ++words;
      // A character may be split over two words, so words of one charset are converted together.
      if (!is_same_charset(charset, word->charset)) flush();
      charset = word->charset;
      pending += word->bytes;
      is_after_word = true;
      rest.remove_prefix(blanks + word->length);
      continue;
    }
    flush();
    is_after_word = false;
    const std::size_t next = std::min(rest.find("=?", 1), rest.size());
    const Bytes plain = rest.substr(0, next);
    text += is_ascii(plain) ? std::string(plain) : to_utf8(plain, "");
    rest.remove_prefix(next);
  }
  flush();
  return text;
}

}  // namespace leakfs::mail
