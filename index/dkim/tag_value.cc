// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/tag_value.h"

#include <algorithm>
#include <charconv>

#include "index/mail/transfer.h"

namespace leakfs::dkim {
namespace {

constexpr std::size_t host_name_size_max = 253;  // RFC 1035 §2.3.4, without the last dot

bool is_letter_or_digit(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9');
}

std::optional<std::uint64_t> parse_number(Bytes text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (at != end || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return UINT64_MAX;
  if (error != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

bool read_number(const TagList& tags, Bytes name, std::optional<std::uint64_t>& value) {
  const std::optional<Bytes> text = tags.find(name);
  if (!text) return true;
  value = parse_number(*text);
  return value.has_value();
}

bool read_time(const TagList& tags, Bytes name, std::optional<UnixTime>& time) {
  std::optional<std::uint64_t> value;
  if (!read_number(tags, name, value)) return false;
  if (value && *value <= static_cast<std::uint64_t>(time_max)) {
    time = static_cast<UnixTime>(*value);
  }
  return true;
}

std::optional<ByteString> decode_strict_base64(Bytes text) {
  const ByteString code = without_fws(text);
  const std::size_t data = std::min(code.find('='), code.size());
  const bool is_code = std::ranges::all_of(Bytes(code).substr(0, data), [](char byte) {
    return is_letter_or_digit(byte) || byte == '+' || byte == '/';
  });
  const std::size_t padding = code.size() - data;
  const bool is_padding = code.find_first_not_of('=', data) == ByteString::npos && padding <= 2;
  // Real records leave the padding out.
  const bool is_length = data % 4 != 1 && (padding == 0 || code.size() % 4 == 0);
  if (!is_code || !is_padding || !is_length) return std::nullopt;
  return mail::decode_base64(code);
}

std::optional<Algorithm> parse_algorithm(std::string_view name) {
  using crypto::DigestKind;
  using crypto::KeyKind;
  if (name == "rsa-sha256") return Algorithm{KeyKind::rsa, DigestKind::sha256};
  if (name == "rsa-sha1") return Algorithm{KeyKind::rsa, DigestKind::sha1};
  if (name == "ed25519-sha256") return Algorithm{KeyKind::ed25519, DigestKind::sha256};
  return std::nullopt;
}

bool is_host_name(std::string_view name) {
  return !name.empty() && name.size() <= host_name_size_max &&
         std::ranges::all_of(name, [](char byte) {
           return is_letter_or_digit(byte) || byte == '-' || byte == '_' || byte == '.' ||
                  static_cast<unsigned char>(byte) >= 0x80;
         });
}

}  // namespace leakfs::dkim
