// SPDX-License-Identifier: GPL-3.0-or-later
// What a read asks for.
#pragma once

#include <algorithm>
#include <cstdint>

#include "index/base/bytes.h"

namespace leakfs::content {

// In bytes of a file or stream.
struct Window {
  std::uint64_t offset = 0;
  std::size_t length = 0;
};

// The part of the window that lies before `size`.
inline Window within_size(Window window, std::uint64_t size) {
  if (window.offset >= size) return {};
  window.length =
      static_cast<std::size_t>(std::min<std::uint64_t>(window.length, size - window.offset));
  return window;
}

// The bytes of `whole` in the window; fewer where it ends.
inline ByteString cut(Bytes whole, Window window) {
  if (window.offset >= whole.size()) return {};
  return ByteString(whole.substr(window.offset, window.length));
}

}  // namespace leakfs::content
