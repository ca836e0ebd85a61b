// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>

#include "index/base/bytes.h"

namespace leakfs {

// Takes the first line off `text`; without its LF, but with a CR before that. All of `text` if it
// has no LF.
inline Bytes take_line(Bytes& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const Bytes line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace leakfs
