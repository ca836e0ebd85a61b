// SPDX-License-Identifier: GPL-3.0-or-later
// The two kinds of character data. Nothing here knows what the bytes mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace leakfs {

// Bytes as they were found: of any encoding or none, NUL included. A std::string_view in an
// interface promises valid UTF-8 instead.
using Bytes = std::string_view;

// Owner of such bytes.
using ByteString = std::string;

// Where a thing lies within bytes that are known from the context. Units are bytes.
struct Range {
  std::size_t offset = 0;
  std::size_t length = 0;

  std::size_t end() const { return offset + length; }
  Bytes of(Bytes whole) const { return whole.substr(offset, length); }
  friend bool operator==(const Range&, const Range&) = default;
};

inline namespace literals {
constexpr std::uint64_t operator""_KiB(unsigned long long count) { return count << 10; }
constexpr std::uint64_t operator""_MiB(unsigned long long count) { return count << 20; }
constexpr std::uint64_t operator""_GiB(unsigned long long count) { return count << 30; }
}  // namespace literals

}  // namespace leakfs
