// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/codec/bit_reader.h"

#include <algorithm>
#include <array>

namespace leakfs::codec {
namespace {

constexpr std::uint64_t pattern_mask = (std::uint64_t{1} << pattern_bits) - 1;

// The values of the byte before that in which a pattern ends. Most bytes are none of them.
std::array<bool, 256> last_whole_bytes(std::uint64_t pattern, std::uint64_t other) {
  std::array<bool, 256> bytes = {};
  for (unsigned shift = 1; shift <= 8; ++shift) {
    bytes[pattern >> shift & 0xff] = true;
    bytes[other >> shift & 0xff] = true;
  }
  return bytes;
}

}  // namespace

BitString::BitString(ByteString bytes, std::uint64_t length)
    : bytes_(std::move(bytes)), length_(length) {
  bytes_.resize((length + 7) / 8, '\0');
  const unsigned unused = static_cast<unsigned>(8 * bytes_.size() - length);
  if (unused == 0) return;
  const auto last = static_cast<unsigned char>(bytes_.back());
  bytes_.back() = static_cast<char>(last >> unused << unused);
}

void BitString::append(std::uint64_t value, unsigned count) {
  while (count > 0) {
    const unsigned used = length_ % 8;
    if (used == 0) bytes_ += '\0';
    const unsigned taken = std::min(8 - used, count);
    count -= taken;
    const auto bits = static_cast<unsigned>(value >> count) & ((1U << taken) - 1);
    bytes_.back() =
        static_cast<char>(static_cast<unsigned char>(bytes_.back()) | bits << (8 - used - taken));
    length_ += taken;
  }
}

void BitString::append(const BitString& bits) {
  if (length_ % 8 == 0) {
    bytes_ += bits.bytes_;
    length_ += bits.length_;
    return;
  }
  for (std::uint64_t i = 0; i < bits.length_; i += 8) {
    const auto count = static_cast<unsigned>(std::min<std::uint64_t>(8, bits.length_ - i));
    append(static_cast<unsigned char>(bits.bytes_[i / 8]) >> (8 - count), count);
  }
}

void BitReader::seek(std::uint64_t bit) {
  reader_.seek(bit / 8);
  bit_ = bit % 8;
}

Result<std::optional<std::uint64_t>> BitReader::peek(unsigned count) {
  const std::size_t wanted = (bit_ + count + 7) / 8;
  const Bytes bytes = TRY(reader_.peek(wanted));
  if (bytes.size() < wanted) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < wanted; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  value >>= 8 * wanted - bit_ - count;
  return value & ((std::uint64_t{1} << count) - 1);
}

Result<std::optional<BitString>> BitReader::up_to(const PatternSearch& search) {
  const std::array<bool, 256> is_last_whole = last_whole_bytes(search.pattern, search.other);
  unsigned ignored = search.ignored;
  ahead_.seek(reader_.position());
  ByteString packed;         // shifted so that the front is at the start of a byte, one byte late
  std::uint64_t recent = 0;  // the last 64 bits
  std::uint64_t looked = 0;  // bits up to and with those, from the byte at the front
  while (packed.size() <= search.size_max) {
    const Bytes input = TRY(ahead_.peek());
    if (input.empty()) return std::nullopt;
    for (const char byte : input) {
      recent = recent << 8 | static_cast<unsigned char>(byte);
      looked += 8;
      packed += static_cast<char>(recent >> (8 - bit_));
      if (!is_last_whole[recent >> 8 & 0xff]) continue;
      for (unsigned behind = 8; behind-- > 0;) {
        const std::uint64_t bits = recent >> behind & pattern_mask;
        if (bits != search.pattern && bits != search.other) continue;
        // A block starts with a pattern itself.
        if (looked <= pattern_bits + behind + bit_) continue;
        if (ignored-- > 0) continue;
        packed.erase(0, 1);
        return BitString(std::move(packed), looked - behind - pattern_bits - bit_);
      }
    }
    ahead_.skip(input.size());
  }
  return std::nullopt;
}

}  // namespace leakfs::codec
