// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/address.h"

#include <algorithm>

#include "index/base/utf8.h"
#include "index/mail/ascii.h"
#include "index/mail/charset.h"
#include "index/mail/encoded_word.h"
#include "index/mail/header.h"
#include "index/mail/unicode.h"

namespace leakfs::mail {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Reads the value once from left to right. Within an address the pieces are: words before "<"
// (the name), what is between "<" and ">", and comments.
class AddressReader {
 public:
  explicit AddressReader(Bytes value) : value_(value) {}

  AddressList run() {
    while (at_ < value_.size() && !list_.is_cut) step(value_[at_]);
    end_address();
    return std::move(list_);
  }

 private:
  void step(char c) {
    switch (c) {
      case '"':
        quoted_string();
        break;
      case '(':
        comment();
        break;
      case '<':
        angle();
        break;
      case ',':
      case ';':
        end_address();
        ++at_;
        break;
      case ':':
        // The name of a group; a colon inside an address is none.
        if (angle_.empty() && words_.find('@') == ByteString::npos) {
          words_.clear();
          comment_.clear();
          has_quotes_ = false;
        } else {
          words_ += c;
        }
        ++at_;
        break;
      default:
        words_ += c;
        ++at_;
    }
  }

  // Without its quotes and escapes. Where the end is missing, the quote is a plain character.
  void quoted_string() {
    const std::size_t end = closing_quote();
    if (end == Bytes::npos) {
      words_ += value_[at_++];
      return;
    }
    // "john smith"@example.org keeps its quotes: they are part of the address.
    const bool is_local_part = end + 1 < value_.size() && value_[end + 1] == '@';
    if (is_local_part) {
      words_ += value_.substr(at_, end + 1 - at_);
    } else {
      for (std::size_t i = at_ + 1; i < end; ++i) {
        if (value_[i] == '\\' && i + 1 < end) ++i;
        words_ += value_[i];
      }
      has_quotes_ = true;
    }
    at_ = end + 1;
  }

  std::size_t closing_quote() {
    if (at_ >= no_quote_behind_) return Bytes::npos;
    for (std::size_t i = at_ + 1; i < value_.size(); ++i) {
      if (value_[i] == '\\') {
        ++i;
      } else if (value_[i] == '"') {
        return i;
      }
    }
    no_quote_behind_ = at_;
    return Bytes::npos;
  }

  // Behind the comment at `at_`. Where its end is missing, the parenthesis is a plain character.
  std::size_t comment_end() {
    if (is_comment_unclosed_) return Bytes::npos;
    int depth = 0;
    for (std::size_t i = at_; i < value_.size(); ++i) {
      const char c = value_[i];
      if (c == '\\') {
        ++i;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        return i + 1;
      }
    }
    is_comment_unclosed_ = true;
    return Bytes::npos;
  }

  void comment() {
    const std::size_t end = comment_end();
    if (end == Bytes::npos) {
      words_ += value_[at_++];
      return;
    }
    if (comment_.empty()) {
      for (std::size_t i = at_ + 1; i + 1 < end; ++i) {
        if (value_[i] == '\\') ++i;
        comment_ += value_[i];
      }
    }
    at_ = end;
  }

  // Quotes and comments hide what would end it. Without ">" it ends where the next address begins.
  void angle() {
    while (at_ < value_.size() && value_[at_] == '<') ++at_;
    ByteString inside;
    std::size_t comma = Bytes::npos;
    std::size_t size_at_comma = 0;
    while (at_ < value_.size() && value_[at_] != '>' && value_[at_] != '<') {
      const char c = value_[at_];
      std::size_t end = at_ + 1;
      if (c == '(' && comment_end() != Bytes::npos) {
        at_ = comment_end();
        continue;
      }
      if (c == '"' && closing_quote() != Bytes::npos) end = closing_quote() + 1;
      if (c == ',' && comma == Bytes::npos && !inside.starts_with('@')) {
        comma = at_;
        size_at_comma = inside.size();
      }
      inside += value_.substr(at_, end - at_);
      at_ = end;
    }
    if (at_ < value_.size() && value_[at_] == '>') {
      ++at_;
    } else if (comma != Bytes::npos) {
      at_ = comma;
      inside.resize(size_at_comma);
    }
    if (angle_.empty()) angle_ = trim(without_route(inside));
  }

  // RFC 5322 §4.4: a route "@a,@b:" before the address has been without meaning since 1989.
  static Bytes without_route(Bytes inside) {
    const std::size_t colon = inside.starts_with('@') ? inside.find(':') : Bytes::npos;
    return colon == Bytes::npos ? inside : inside.substr(colon + 1);
  }

  void end_address() {
    const std::string_view words = trim(words_);
    Mailbox mailbox;
    if (!angle_.empty()) {
      mailbox.address = text(angle_);
      mailbox.name = decode_text(words.empty() ? Bytes(comment_) : words);
    } else if (!has_quotes_ && is_bare_address(words)) {
      mailbox.address = text(words);
      mailbox.name = decode_text(comment_);
    } else if (!words.empty()) {
      split_words(words, mailbox);
    }
    if (!mailbox.address.empty() || !mailbox.name.empty()) {
      if (list_.mailboxes.size() == addresses_max) {
        list_.is_cut = true;
      } else {
        list_.mailboxes.push_back(std::move(mailbox));
      }
    }
    words_.clear();
    angle_.clear();
    comment_.clear();
    has_quotes_ = false;
  }

  static bool is_bare_address(std::string_view words) {
    return words.find('@') != std::string_view::npos && std::ranges::none_of(words, is_space);
  }

  // Neither brackets nor one word: the word with "@" is the address, "user at host" as well, the
  // rest the name.
  void split_words(std::string_view words, Mailbox& mailbox) {
    const std::size_t at = words.rfind('@');
    if (at == std::string_view::npos) {
      if (words.find(" at ") != std::string_view::npos && !address_key(words).empty()) {
        mailbox.address = text(words);
        mailbox.name = decode_text(comment_);
      } else {
        mailbox.name = decode_text(words);
      }
      return;
    }
    const std::size_t start = address_start(words, at);
    const std::size_t end = address_end(words, at);
    mailbox.address = text(words.substr(start, end - start));
    mailbox.name = decode_text(trim(words.substr(0, start)));
    if (mailbox.name.empty()) mailbox.name = decode_text(trim(words.substr(end)));
  }

  // RFC 5322 §4.4: blanks around the "@", or before a dot, are within the address.
  static std::size_t address_start(std::string_view words, std::size_t at) {
    std::size_t start = at;
    while (start > 0) {
      const std::size_t last = words.find_last_not_of(blanks, start - 1);
      if (last == std::string_view::npos) break;
      if (last + 1 < start && start < at && words[start] != '.') break;
      start = last;
      if (words[last] != '"' || last == 0) continue;
      if (const std::size_t quote = words.rfind('"', last - 1); quote != std::string_view::npos) {
        start = quote;
      }
    }
    return start;
  }

  static std::size_t address_end(std::string_view words, std::size_t at) {
    std::size_t end = at + 1;
    bool is_open = true;  // behind the "@", or a dot that has blanks before it
    while (end < words.size()) {
      const std::size_t next = words.find_first_not_of(blanks, end);
      if (next == std::string_view::npos) break;
      const bool is_apart = next > end;
      if (is_apart && !is_open && words[next] != '.') break;
      is_open = is_apart && words[next] == '.';
      end = next + 1;
    }
    return end;
  }

  // Without the white space that is not quoted.
  static std::string text(Bytes bytes) {
    // "user at host" keeps its blanks.
    if (bytes.find('@') == Bytes::npos) return to_utf8(trim(bytes), "");
    std::string result;
    bool is_quoted = false;
    bool is_escaped = false;
    for (const char c : bytes) {
      if (c == '"' && !is_escaped) is_quoted = !is_quoted;
      is_escaped = is_quoted && !is_escaped && c == '\\';
      if (!is_space(c) || (is_quoted && c == ' ')) result += c;
    }
    return to_utf8(result, "");
  }

  const Bytes value_;
  AddressList list_;
  std::size_t at_ = 0;
  std::size_t no_quote_behind_ = Bytes::npos;  // keeps the search for a quote linear
  bool is_comment_unclosed_ = false;           // the same for a parenthesis
  ByteString words_;
  ByteString angle_;
  ByteString comment_;
  bool has_quotes_ = false;
};

}  // namespace

AddressList parse_addresses(Bytes value) {
  return AddressReader(trim(value.substr(0, field_size_max))).run();
}

std::string address_key(std::string_view address) {
  std::string key = to_lower(trim(address));
  while (key.starts_with('\'') || key.starts_with('"') || key.starts_with('<')) key.erase(0, 1);
  while (key.ends_with('\'') || key.ends_with('"') || key.ends_with('>') || key.ends_with('.')) {
    key.pop_back();
  }
  std::size_t at = key.rfind('@');
  if (at == std::string::npos) {
    const std::size_t word = key.find(" at ");
    if (word == std::string::npos || key.find(' ', word + 4) != std::string::npos ||
        key.find(' ') != word) {
      return {};
    }
    key.replace(word, 4, "@");
    at = word;
  }
  if (at == 0 || at + 1 == key.size()) return {};
  // "john"@example.org is john@example.org (RFC 5321 §4.1.2).
  if (key[at - 1] == '"') key.erase(at - 1, 1);
  return key;
}

std::string_view domain_of(std::string_view address_key) {
  const std::size_t at = address_key.rfind('@');
  return at == std::string_view::npos ? std::string_view() : address_key.substr(at + 1);
}

}  // namespace leakfs::mail
