// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/encode.h"

#include <vector>

#include <fmt/format.h>

#include "index/base/utf8.h"
#include "index/mail/transfer.h"

namespace leakfs::sample {
namespace {

constexpr std::size_t line_size_max = 76;
constexpr std::size_t word_bytes_max = 39;       // 52 characters of base64
constexpr std::size_t word_text_max = 50;        // characters of Q
constexpr std::size_t parameter_piece_max = 54;  // characters of an RFC 2231 piece

constexpr char hex_digits[] = "0123456789ABCDEF";

bool is_letter_or_digit(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= 'a' && byte <= 'z');
}

void append_hex(ByteString& out, char mark, char byte) {
  const auto value = static_cast<unsigned char>(byte);
  out += {mark, hex_digits[value >> 4], hex_digits[value & 15]};
}

// RFC 2047 §5 (3): only these may stand for themselves in a phrase.
ByteString q_encoded(Bytes bytes) {
  ByteString out;
  for (const char byte : bytes) {
    if (is_letter_or_digit(byte) || byte == '-') {
      out += byte;
    } else if (byte == ' ') {
      out += '_';
    } else {
      append_hex(out, '=', byte);
    }
  }
  return out;
}

}  // namespace

void append_base64(ByteString& out, Bytes bytes) {
  const ByteString code = mail::encode_base64(bytes);
  out.reserve(out.size() + code.size() + code.size() / line_size_max * 2 + 2);
  for (std::size_t at = 0; at < code.size(); at += line_size_max) {
    out.append(code, at, line_size_max);
    out += "\r\n";
  }
}

void append_quoted_printable(ByteString& out, Bytes bytes) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char byte = bytes[i];
    if (byte == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') {
      out += "\r\n";
      ++i;
      column = 0;
      continue;
    }
    const bool ends_line = i + 1 == bytes.size() || bytes[i + 1] == '\r';
    const bool is_plain = (byte > ' ' && byte <= '~' && byte != '=') || (byte == ' ' && !ends_line);
    const std::size_t width = is_plain ? 1 : 3;
    if (column + width > line_size_max - 1) {
      out += "=\r\n";
      column = 0;
    }
    if (is_plain) {
      out += byte;
    } else {
      append_hex(out, '=', byte);
    }
    column += width;
  }
}

ByteString encoded_words(std::string_view text, Charset charset, WordEncoding encoding) {
  if (is_ascii(text)) return ByteString(text);
  ByteString out;
  while (!text.empty()) {
    ByteString bytes;
    ByteString code;
    while (!text.empty()) {  // RFC 2047 §5: no character is split over two words
      const std::string_view character = text.substr(0, decode_utf8(text).length);
      const ByteString more = encoded_in(charset, character);
      const ByteString more_code = encoding == WordEncoding::q ? q_encoded(more) : ByteString();
      if (bytes.size() + more.size() > word_bytes_max) break;
      if (code.size() + more_code.size() > word_text_max) break;
      bytes += more;
      code += more_code;
      text.remove_prefix(character.size());
    }
    if (!out.empty()) out += "\r\n ";
    out += fmt::format("=?{}?{}?{}?=", name_of(charset), encoding == WordEncoding::q ? 'Q' : 'B',
                       encoding == WordEncoding::q ? code : mail::encode_base64(bytes));
  }
  return out;
}

ByteString parameter(std::string_view name, std::string_view value) {
  if (is_ascii(value)) return fmt::format(";\r\n {}=\"{}\"", name, value);
  std::vector<ByteString> pieces(1);
  for (const char byte : value) {
    if (pieces.back().size() + 3 > parameter_piece_max) pieces.emplace_back();
    if (is_letter_or_digit(byte) || byte == '.' || byte == '-' || byte == '_') {
      pieces.back() += byte;
    } else {
      append_hex(pieces.back(), '%', byte);
    }
  }
  if (pieces.size() == 1) return fmt::format(";\r\n {}*=utf-8''{}", name, pieces.front());
  ByteString out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    out += fmt::format(";\r\n {}*{}*={}{}", name, i, i == 0 ? "utf-8''" : "", pieces[i]);
  }
  return out;
}

}  // namespace leakfs::sample
