// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/transfer.h"

#include <algorithm>
#include <array>

#include "index/mail/parameter.h"

namespace leakfs::mail {
namespace {

constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> values = {};
  values.fill(-1);
  for (std::int8_t i = 0; i < 64; ++i) values[static_cast<unsigned char>(alphabet[i])] = i;
  return values;
}
constexpr std::array<std::int8_t, 256> base64_values = make_values();

int base64_value(char c) { return base64_values[static_cast<unsigned char>(c)]; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// The sink of a decoder: keeps what it is given.
struct Keep {
  ByteString bytes;
  void put(char c) { bytes += c; }
  void put(Bytes run) { bytes += run; }
};

// ... or only counts it.
struct Count {
  std::uint64_t size = 0;
  void put(char) { ++size; }
  void put(Bytes run) { size += run.size(); }
};

template <typename Sink>
void base64(Bytes encoded, Sink& sink) {
  unsigned value = 0;
  int digits = 0;
  const auto flush = [&] {
    // Two digits make a byte, three make two; one alone is no byte.
    if (digits >= 2) sink.put(static_cast<char>(value >> (6 * digits - 8)));
    if (digits == 3) sink.put(static_cast<char>(value >> 2));
    value = 0;
    digits = 0;
  };
  for (const char c : encoded) {
    const int digit = base64_value(c);
    if (digit < 0) {
      if (c == '=') flush();
      continue;
    }
    value = value << 6 | static_cast<unsigned>(digit);
    if (++digits < 4) continue;
    sink.put(static_cast<char>(value >> 16));
    sink.put(static_cast<char>(value >> 8));
    sink.put(static_cast<char>(value));
    value = 0;
    digits = 0;
  }
  flush();
}

// RFC 2045 §6.7. Blanks at the end of a line were added in transit (rule 3) and go; "=" before the
// line end joins lines (rule 5); "=" before anything else stays.
template <typename Sink>
void quoted_printable(Bytes encoded, Sink& sink) {
  while (!encoded.empty()) {
    const std::size_t end = encoded.find('\n');
    Bytes line = encoded.substr(0, end);
    encoded.remove_prefix(end == Bytes::npos ? encoded.size() : end + 1);
    const bool has_cr = end != Bytes::npos && line.ends_with('\r');
    if (has_cr) line.remove_suffix(1);
    while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
    const bool is_soft = line.ends_with('=');
    if (is_soft) line.remove_suffix(1);
    while (!line.empty()) {
      const std::size_t equals = std::min(line.find('='), line.size());
      sink.put(line.substr(0, equals));
      line.remove_prefix(equals);
      if (line.empty()) break;
      const int high = line.size() > 2 ? hex_value(line[1]) : -1;
      const int low = line.size() > 2 ? hex_value(line[2]) : -1;
      if (high >= 0 && low >= 0) {
        sink.put(static_cast<char>(high << 4 | low));
        line.remove_prefix(3);
      } else {
        sink.put('=');
        line.remove_prefix(1);
      }
    }
    if (end != Bytes::npos && !is_soft) sink.put(has_cr ? Bytes("\r\n") : Bytes("\n"));
  }
}

// POSIX uuencode, historical algorithm: from "begin" to "end"; lines outside are no content.
template <typename Sink>
void uuencode(Bytes encoded, Sink& sink) {
  bool is_inside = false;
  while (!encoded.empty()) {
    const std::size_t end = encoded.find('\n');
    Bytes line = encoded.substr(0, end);
    encoded.remove_prefix(end == Bytes::npos ? encoded.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_inside) {
      is_inside = line.starts_with("begin ");
      continue;
    }
    if (line.empty() || line == "end") {
      is_inside = line != "end";
      continue;
    }
    const auto digit = [&](std::size_t i) {
      return i < line.size() ? static_cast<unsigned>(line[i] - ' ') & 63U : 0U;
    };
    int left = static_cast<int>(digit(0));
    for (std::size_t i = 1; left > 0; i += 4, left -= 3) {
      const unsigned value = digit(i) << 18 | digit(i + 1) << 12 | digit(i + 2) << 6 | digit(i + 3);
      sink.put(static_cast<char>(value >> 16));
      if (left > 1) sink.put(static_cast<char>(value >> 8));
      if (left > 2) sink.put(static_cast<char>(value));
    }
  }
}

template <typename Sink>
void decode(Bytes encoded, TransferEncoding encoding, Sink& sink) {
  switch (encoding) {
    case TransferEncoding::identity:
      return sink.put(encoded);
    case TransferEncoding::quoted_printable:
      return quoted_printable(encoded, sink);
    case TransferEncoding::base64:
      return base64(encoded, sink);
    case TransferEncoding::uuencode:
      return uuencode(encoded, sink);
  }
}

}  // namespace

TransferEncoding transfer_encoding(Bytes value) {
  const std::string word = parse_parameterized(value).value;
  if (word == "base64") return TransferEncoding::base64;
  if (word == "quoted-printable") return TransferEncoding::quoted_printable;
  if (word == "uuencode" || word == "x-uuencode" || word == "x-uue") {
    return TransferEncoding::uuencode;
  }
  return TransferEncoding::identity;
}

ByteString decode_transfer(Bytes encoded, TransferEncoding encoding) {
  Keep keep;
  keep.bytes.reserve(encoding == TransferEncoding::base64 ? encoded.size() / 4 * 3
                                                          : encoded.size());
  decode(encoded, encoding, keep);
  return std::move(keep.bytes);
}

std::uint64_t decoded_size(Bytes encoded, TransferEncoding encoding) {
  Count count;
  decode(encoded, encoding, count);
  return count.size;
}

ByteString decode_base64(Bytes encoded) {
  return decode_transfer(encoded, TransferEncoding::base64);
}

ByteString encode_base64(Bytes bytes) {
  ByteString text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t j) {
      return j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0U;
    };
    const unsigned value = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    text += alphabet[value >> 18];
    text += alphabet[value >> 12 & 63];
    text += i + 1 < bytes.size() ? alphabet[value >> 6 & 63] : '=';
    text += i + 2 < bytes.size() ? alphabet[value & 63] : '=';
  }
  return text;
}

}  // namespace leakfs::mail
