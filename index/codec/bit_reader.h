// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: an input bit by bit, most significant first, as bzip2 packs.
#pragma once

#include <cstdint>
#include <optional>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/codec/input.h"

namespace leakfs::codec {

// A sequence of bits that need not be whole bytes.
class BitString {
 public:
  explicit BitString(Bytes bytes = {}) : bytes_(bytes), length_(8 * bytes_.size()) {}
  // The first `length` bits of `bytes`.
  BitString(ByteString bytes, std::uint64_t length);

  std::uint64_t length() const { return length_; }  // in bits
  // The lowest `count` bits of `value`, at most 56.
  void append(std::uint64_t value, unsigned count);
  void append(const BitString& bits);
  // Zeros fill the last byte.
  Bytes bytes() const { return bytes_; }

 private:
  ByteString bytes_;
  std::uint64_t length_;
};

constexpr unsigned pattern_bits = 48;

// A place where one of two patterns stands.
struct PatternSearch {
  std::uint64_t pattern = 0;
  std::uint64_t other = 0;
  unsigned ignored = 0;      // such places that do not count, the first ones
  std::size_t size_max = 0;  // in bytes
};

class BitReader {
 public:
  BitReader(const Input& input, std::uint64_t bit)
      : reader_(input, bit / 8), ahead_(input, bit / 8), bit_(bit % 8) {}

  // Of the front, from the start of the input.
  std::uint64_t position() const { return 8 * reader_.position() + bit_; }
  void seek(std::uint64_t bit);
  // To the next whole byte.
  void align() { seek((position() + 7) / 8 * 8); }

  // The next `count` bits, at most 48, without taking them; absent where the input ends before.
  Result<std::optional<std::uint64_t>> peek(unsigned count);

  // The bits from the front to the place that is looked for behind it, without taking them. Absent
  // where the input ends or after size_max bytes.
  Result<std::optional<BitString>> up_to(const PatternSearch& search);

 private:
  InputReader reader_;
  InputReader ahead_;  // of up_to(), which as a rule begins near where it ended
  unsigned bit_;       // those used of the byte at the front
};

}  // namespace leakfs::codec
