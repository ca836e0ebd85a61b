// SPDX-License-Identifier: GPL-3.0-or-later
// zlib does not tell which bytes of its window it copied. So the stream is decoded behind windows
// whose bytes name their own places: what of the output depends on the window, and on which byte of
// it, can then be read off the output. Only the first window_size_max bytes of output can reach
// back that far.
#include <array>
#include <cerrno>

#include "index/codec/inflate.h"
#include "index/codec/zlib_stream.h"

namespace leakfs::codec {
namespace {

// What follows the point, decoded behind that window.
Result<ByteString> decode_behind(const Input& input, std::uint64_t input_bit, Bytes window) {
  ZlibStream zlib(raw_deflate);
  InputReader reader(input, input_bit / 8);
  TRY(zlib.set(input_bit, window, reader));
  ByteString out(window_size_max, '\0');
  zlib.drain_to(out.data(), out.size());
  while (zlib.stream.avail_out > 0) {
    const Bytes bytes = TRY(reader.peek());
    zlib.feed(bytes);
    const int code = zlib.inflate(Z_NO_FLUSH);
    reader.skip(bytes.size() - zlib.stream.avail_in);
    // Damage is for the one pass to find; what it hides is not referred to.
    if (code != Z_OK || bytes.empty()) break;
  }
  out.resize(out.size() - zlib.stream.avail_out);
  return out;
}

}  // namespace

Result<ByteString> referred_window(const Input& input, std::uint64_t input_bit, Bytes window) {
  ByteString low(window.size(), '\0');
  ByteString not_low(window.size(), '\0');
  ByteString high(window.size(), '\0');
  for (std::size_t i = 0; i < window.size(); ++i) {
    low[i] = static_cast<char>(i & 0xff);
    not_low[i] = static_cast<char>(~i & 0xff);
    high[i] = static_cast<char>(i >> 8);
  }
  const ByteString low_out = TRY(decode_behind(input, input_bit, low));
  const ByteString not_low_out = TRY(decode_behind(input, input_bit, not_low));
  const ByteString high_out = TRY(decode_behind(input, input_bit, high));
  ByteString referred(window.size(), '\0');
  for (std::size_t i = 0; i < low_out.size(); ++i) {
    if (low_out[i] == not_low_out[i]) continue;  // not out of the window
    const std::size_t place = static_cast<std::size_t>(static_cast<unsigned char>(high_out[i]))
                                  << 8 |
                              static_cast<unsigned char>(low_out[i]);
    if (place < window.size()) referred[place] = window[place];
  }
  return referred;
}

}  // namespace leakfs::codec
