// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/stretch.h"

#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

Block load(const char* at) {
  Block block;
  std::memcpy(&block, at, sizeof block);
  return block;
}

// Bit i is that of byte i, all of whose bits are alike.
std::uint32_t bit_per_byte(Block block) {
#ifdef __SSE2__
  return static_cast<std::uint32_t>(_mm_movemask_epi8(std::bit_cast<__m128i>(block)));
#else
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < sizeof block; ++i) bits |= (block[i] & 1U) << i;
  return bits;
#endif
}

// Which of sixteen bytes may change. There is a byte before `at`.
template <bool is_relaxed>
std::uint32_t changes_at(const char* at) {
  return bit_per_byte(std::bit_cast<Block>(may_change<is_relaxed>(load(at - 1), load(at))));
}

template <bool is_relaxed>
std::uint32_t copy_block(const char* from, char* to) {
  std::memcpy(to, from, sizeof(Block));
  return changes_at<is_relaxed>(from);
}

// Copies up to the first byte after `text[0]` that may change, if there is one.
template <bool is_relaxed>
std::size_t copy_unchanged(Bytes text, char* out) {
  const char* const in = text.data();
  out[0] = in[0];
  std::size_t at = 1;
  // Two blocks per branch, since a line has several.
  for (; text.size() - at >= 2 * sizeof(Block); at += 2 * sizeof(Block)) {
    const std::uint32_t first = copy_block<is_relaxed>(in + at, out + at);
    const std::uint32_t second =
        copy_block<is_relaxed>(in + at + sizeof(Block), out + at + sizeof(Block));
    const std::uint32_t changes = first | second << sizeof(Block);
    if (changes != 0) return at + static_cast<std::size_t>(std::countr_zero(changes));
  }
  for (; at < text.size(); ++at) {
    if (may_change<is_relaxed>(static_cast<unsigned char>(in[at - 1]),
                               static_cast<unsigned char>(in[at]))) {
      break;
    }
    out[at] = in[at];
  }
  return at;
}

}  // namespace

std::size_t copy_stretch(Bytes text, char* out, Canonicalization how) {
  const bool is_relaxed = how == Canonicalization::relaxed;
  std::size_t length =
      is_relaxed ? copy_unchanged<true>(text, out) : copy_unchanged<false>(text, out);
  const auto is_space = [is_relaxed](char byte) {
    return byte == '\r' || byte == '\n' || (is_relaxed && byte == ' ');
  };
  while (is_space(text[length - 1])) --length;
  return length;
}

bool has_bare_lf(Bytes text) {
  if (text.starts_with('\n')) return true;
  std::size_t at = 1;
  for (; at + 2 * sizeof(Block) <= text.size(); at += 2 * sizeof(Block)) {
    const char* const here = text.data() + at;
    if ((changes_at<false>(here) | changes_at<false>(here + sizeof(Block))) != 0) return true;
  }
  for (; at < text.size(); ++at) {
    if (may_change<false>(text[at - 1], text[at])) return true;
  }
  return false;
}

}  // namespace leakfs::dkim
