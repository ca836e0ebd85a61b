// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: a zlib decoder that frees itself and can be set in the middle of a
// stream.
#pragma once

#include <cstdint>
#include <new>

#include <zlib.h>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/codec/input.h"

namespace leakfs::codec {

constexpr int raw_deflate = -MAX_WBITS;
constexpr int gzip_only = MAX_WBITS + 16;  // checks the trailer, CRC-32 and size, too
constexpr std::size_t window_size_max = 1 << MAX_WBITS;

struct ZlibStream {
  z_stream stream = {};

  explicit ZlibStream(int window_bits) {
    if (inflateInit2(&stream, window_bits) != Z_OK) throw std::bad_alloc();
  }
  ~ZlibStream() { inflateEnd(&stream); }
  ZlibStream(const ZlibStream&) = delete;
  ZlibStream& operator=(const ZlibStream&) = delete;

  void feed(Bytes bytes) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
  }
  void drain_to(char* out, std::size_t length) {
    stream.next_out = reinterpret_cast<Bytef*>(out);
    stream.avail_out = static_cast<uInt>(length);
  }

  // inflate(), which throws where it is short of memory, for that says nothing of the input.
  int inflate(int flush) {
    const int code = ::inflate(&stream, flush);
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    return code;
  }

  // A raw stream goes on at a bit of the input with these bytes decoded before; `reader` stands at
  // the byte of that bit.
  Result<void> set(std::uint64_t input_bit, Bytes window, InputReader& reader) {
    if (const int used = static_cast<int>(input_bit % 8); used != 0) {
      const Bytes byte = TRY(reader.peek());
      if (byte.empty()) return input_error(EIO, "the compressed data is cut");
      reader.skip(1);
      inflatePrime(&stream, 8 - used, static_cast<unsigned char>(byte[0]) >> used);
    }
    if (!window.empty()) {
      inflateSetDictionary(&stream, reinterpret_cast<const Bytef*>(window.data()),
                           static_cast<uInt>(window.size()));
    }
    return {};
  }
};

}  // namespace leakfs::codec
