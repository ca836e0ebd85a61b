// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/stretch.h"

#include <bit>
#include <cstring>

namespace leakfs::dkim {
namespace {

// Whether canonicalization may change `byte` after `before`: a LF without CR; under relaxed also
// a TAB and what follows a SP, be it a blank or a line end. Other control characters after a SP end
// a stretch without need, for one comparison serves all.
template <bool is_relaxed, typename Byte>
auto may_change(Byte before, Byte byte) {
  const auto bare_lf = (byte == '\n') & (before != '\r');
  if constexpr (is_relaxed) {
    return bare_lf | (byte == '\t') | ((before == ' ') & (byte <= ' '));
  } else {
    return bare_lf;
  }
}

// Sixteen bytes at once, in the vector extension that g++ and clang share.
using Block = unsigned char __attribute__((vector_size(16)));
using Words = std::uint64_t __attribute__((vector_size(16)));

Block load(const char* at) {
  Block block;
  std::memcpy(&block, at, sizeof block);
  return block;
}

// The index of the first byte of a word in memory that is not 0.
std::size_t first_set(std::uint64_t word) {
  const int zeros =
      std::endian::native == std::endian::little ? std::countr_zero(word) : std::countl_zero(word);
  return static_cast<std::size_t>(zeros) / 8;
}

// The offset of the first byte after `text[0]` that may change, or the size of `text`.
template <bool is_relaxed>
std::size_t find_change(Bytes text) {
  const char* const start = text.data();
  std::size_t at = 1;
  for (; text.size() - at >= sizeof(Block); at += sizeof(Block)) {
    const auto found = may_change<is_relaxed>(load(start + at - 1), load(start + at));
    const auto words = std::bit_cast<Words>(found);
    if ((words[0] | words[1]) == 0) continue;
    return at + (words[0] != 0 ? first_set(words[0]) : 8 + first_set(words[1]));
  }
  for (; at < text.size(); ++at) {
    if (may_change<is_relaxed>(static_cast<unsigned char>(start[at - 1]),
                               static_cast<unsigned char>(start[at]))) {
      break;
    }
  }
  return at;
}

}  // namespace

std::size_t stretch_length(Bytes text, Canonicalization how) {
  const bool is_relaxed = how == Canonicalization::relaxed;
  std::size_t length = is_relaxed ? find_change<true>(text) : find_change<false>(text);
  const auto is_space = [is_relaxed](char byte) {
    return byte == '\r' || byte == '\n' || (is_relaxed && (byte == ' ' || byte == '\t'));
  };
  while (is_space(text[length - 1])) --length;
  return length;
}

}  // namespace leakfs::dkim
