// SPDX-License-Identifier: GPL-3.0-or-later
// Content and what packs it: the libraries' own encoders.
#pragma once

#include <random>
#include <string>

#include <bzlib.h>
#include <gtest/gtest.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "index/codec/decoder.h"

namespace leakfs::codec {

// Words, of which some come again: compresses about as mail does.
inline ByteString words(std::size_t size, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::string lexicon[512];
  for (std::string& word : lexicon) {
    for (unsigned length = 2 + random() % 9; length > 0; --length) word += 'a' + random() % 26;
  }
  ByteString text;
  while (text.size() < size) {
    text += lexicon[random() % 512];
    text += random() % 12 == 0 ? '\n' : ' ';
  }
  text.resize(size);
  return text;
}

inline ByteString deflated(Bytes content, int window_bits) {
  z_stream stream = {};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  ByteString packed(deflateBound(&stream, content.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}
inline ByteString deflate_of(Bytes content) { return deflated(content, -MAX_WBITS); }
inline ByteString gzip_of(Bytes content) { return deflated(content, MAX_WBITS + 16); }

inline ByteString bzip2_of(Bytes content, int level = 9) {
  ByteString packed(content.size() + content.size() / 50 + 1000, '\0');
  auto size = static_cast<unsigned>(packed.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(packed.data(), &size, const_cast<char*>(content.data()),
                                     static_cast<unsigned>(content.size()), level, 0, 0),
            BZ_OK);
  packed.resize(size);
  return packed;
}

// `block_size` 0: one block.
inline ByteString xz_of(Bytes content, std::uint64_t block_size = 0) {
  lzma_stream stream = LZMA_STREAM_INIT;
  lzma_mt options = {};
  options.threads = 1;
  options.preset = 1;
  options.check = LZMA_CHECK_CRC64;
  options.block_size = block_size == 0 ? std::uint64_t{1} << 40 : block_size;
  EXPECT_EQ(block_size == 0 ? lzma_easy_encoder(&stream, 1, LZMA_CHECK_CRC64)
                            : lzma_stream_encoder_mt(&stream, &options),
            LZMA_OK);
  ByteString packed(content.size() + content.size() / 3 + 1000, '\0');
  stream.next_in = reinterpret_cast<const std::uint8_t*>(content.data());
  stream.avail_in = content.size();
  stream.next_out = reinterpret_cast<std::uint8_t*>(packed.data());
  stream.avail_out = packed.size();
  EXPECT_EQ(lzma_code(&stream, LZMA_FINISH), LZMA_STREAM_END);
  packed.resize(packed.size() - stream.avail_out);
  lzma_end(&stream);
  return packed;
}

inline ByteString zstd_of(Bytes content) {
  ByteString packed(ZSTD_compressBound(content.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), content.data(), content.size(), 1));
  return packed;
}

// Of pieces of that size, end to end.
template <typename Pack>
ByteString in_pieces(Bytes content, std::size_t size, Pack pack) {
  ByteString packed;
  for (std::size_t i = 0; i < content.size(); i += size) packed += pack(content.substr(i, size));
  return packed;
}

class MemoryInput final : public Input {
 public:
  explicit MemoryInput(ByteString bytes) : bytes_(std::move(bytes)) {}

  Result<std::size_t> read_some(std::uint64_t offset, char* buffer,
                                std::size_t length) const override {
    if (offset >= bytes_.size()) return std::size_t{0};
    return bytes_.copy(buffer, length, offset);
  }
  std::uint64_t size() const override { return bytes_.size(); }

 private:
  const ByteString bytes_;
};

// All that a decoder gives, asked for in pieces.
inline ByteString all_of(Decoder& decoder, std::size_t piece = 100'000) {
  ByteString content;
  while (true) {
    const std::size_t before = content.size();
    content.resize(before + piece);
    const Result<std::size_t> count = decoder.read(content.data() + before, piece);
    EXPECT_TRUE(count);
    content.resize(before + (count ? *count : 0));
    if (content.size() - before < piece) return content;
  }
}

}  // namespace leakfs::codec
