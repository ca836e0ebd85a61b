// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/base/file_name.h"

#include "index/base/utf8.h"

namespace leakfs {
namespace {
constexpr std::size_t name_size_max = 255;  // of Linux
}

bool is_file_name(Bytes name) {
  if (name.empty() || name.size() > name_size_max || name == "." || name == "..") return false;
  while (!name.empty()) {
    const DecodedCharacter next = decode_utf8(name);
    if (!next.is_valid || next.character < 0x20 || next.character == '/' ||
        is_unsafe_on_terminal(next.character)) {
      return false;
    }
    name.remove_prefix(next.length);
  }
  return true;
}

}  // namespace leakfs
