// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/body_canonicalizer.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "index/dkim/stretch.h"

namespace leakfs::dkim {
namespace {

// Stretches are cut short where the buffer ends: it is emptied before less than this is left.
constexpr std::size_t room_min = 256;

constexpr bool is_folding_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

bool is_space(char byte, Canonicalization how) {
  return how == Canonicalization::simple ? byte == '\r' || byte == '\n' : is_folding_space(byte);
}

// 0 for what nofws removes, 1 for other bytes.
constexpr std::array<std::uint8_t, 256> kept_count = [] {
  std::array<std::uint8_t, 256> counts = {};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    counts[i] = is_folding_space(static_cast<char>(i)) ? 0 : 1;
  }
  return counts;
}();

// Returns how many bytes are left. Blanks come at no foreseeable distance, so there is no branch.
std::size_t copy_without_blanks(Bytes line, char* out) {
  std::size_t length = 0;
  for (const char byte : line) {
    out[length] = byte;
    length += kept_count[static_cast<unsigned char>(byte)];
  }
  return length;
}

}  // namespace

void BodyCanonicalizer::add(Bytes chunk) {
  if (how_ == Canonicalization::nofws) {
    add_without_blanks(chunk);
  } else {
    add_text(chunk);
  }
}

void BodyCanonicalizer::add_text(Bytes chunk) {
  while (!chunk.empty()) {
    std::size_t length = 1;
    if (is_space(chunk.front(), how_)) {
      keep_back(chunk.front());
    } else {
      put_kept_back();
      if (room() < room_min) flush();
      length = copy_stretch(chunk.substr(0, room()), buffer_ + used_, how_);
      used_ += length;
    }
    chunk.remove_prefix(length);
  }
}

// RFC 4870 §3.4.2.2: white space goes, a CR with it, and only then is a line empty or not.
void BodyCanonicalizer::add_without_blanks(Bytes chunk) {
  while (!chunk.empty()) {
    if (is_folding_space(chunk.front())) {
      line_ends_ += chunk.front() == '\n' ? 1 : 0;
      chunk.remove_prefix(1);
      continue;
    }
    put_kept_back();
    if (room() < room_min) flush();
    const Bytes line = chunk.substr(0, std::min(chunk.find('\n'), room()));
    used_ += copy_without_blanks(line, buffer_ + used_);
    chunk.remove_prefix(line.size());
  }
}

// §3.4.3: an empty body is one empty line under simple; §3.4.4: it stays empty under relaxed.
void BodyCanonicalizer::finish() {
  if (has_cr_) put_kept_back();
  line_ends_ = 0;
  has_blank_ = false;
  if (has_text_ || how_ == Canonicalization::simple) put("\r\n");
  flush();
}

void BodyCanonicalizer::keep_back(char space) {
  if (space == '\n') {
    ++line_ends_;
    has_blank_ = has_cr_ = false;
    return;
  }
  if (has_cr_) put_kept_back();
  (space == '\r' ? has_cr_ : has_blank_) = true;
}

void BodyCanonicalizer::put_kept_back() {
  for (; line_ends_ > 0; --line_ends_) put("\r\n");
  if (has_blank_) put(" ");
  if (has_cr_) put("\r");
  has_blank_ = has_cr_ = false;
  has_text_ = true;
}

void BodyCanonicalizer::put(Bytes piece) {
  if (room() < piece.size()) flush();
  std::memcpy(buffer_ + used_, piece.data(), piece.size());
  used_ += piece.size();
}

void BodyCanonicalizer::flush() {
  if (used_ > 0) sink_.add({buffer_, used_});
  used_ = 0;
}

}  // namespace leakfs::dkim
