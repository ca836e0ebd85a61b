// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/tar_search.h"

#include <algorithm>

#include "index/archive/shape.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t magic_at = 257;
constexpr std::size_t window_size = 16 * tar_record;

// The bytes of the stream from there on, fewer only at its end.
Result<ByteString> window_at(WholeStream& stream, std::uint64_t from) {
  while (stream.length() < from + window_size) {
    const Bytes block = TRY(stream.next_block());
    if (block.empty()) break;
  }
  ByteString window;
  while (window.size() < window_size) {
    const Bytes bytes = stream.rest_from(from + window.size());
    if (bytes.empty()) break;
    window += bytes.substr(0, window_size - window.size());
  }
  return window;
}

}  // namespace

Result<std::optional<std::uint64_t>> find_tar_header(WholeStream& stream, std::uint64_t from,
                                                     std::uint64_t end) {
  while (from < end) {
    const ByteString read = TRY(window_at(stream, from));
    const Bytes window = read;
    std::size_t start = 0;
    while (start + tar_record <= window.size()) {
      const std::size_t magic = window.find("ustar", start + magic_at);
      if (magic == Bytes::npos) break;
      start = magic - magic_at;
      if (start + tar_record > window.size()) break;
      if (is_tar(window.substr(start, tar_record))) return from + start;
      ++start;
    }
    if (window.size() < window_size) return std::nullopt;
    from += window_size - tar_record + 1;
  }
  return std::nullopt;
}

}  // namespace leakfs::archive
