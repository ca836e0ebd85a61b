// SPDX-License-Identifier: GPL-3.0-or-later
// How the bytes of a stream can be had again after the one pass of mkleakfs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "index/base/error.h"
#include "index/base/ids.h"
#include "index/codec/decoder.h"

namespace leakfs::archive {

// The numbers stand in an index.
enum class StreamKind : std::uint8_t {
  copied = 0,   // nowhere else: the index keeps the bytes
  stored = 1,   // a range of the input as it is: plain tar, bare mbox, stored zip member
  deflate = 2,  // a codec::Format in a range of the input
  gzip = 3,
  bzip2 = 4,
  xz = 5,
  zstd = 6,
  filtered = 7,    // compressed so that it can be decoded from the start only
  members = 8,     // what the members of an archive hold that can be read from the start only
  zip_member = 9,  // a member of a zip, with its local header, that is encrypted
};

struct StreamPlan {
  StreamKind kind = StreamKind::copied;
  // Of an input file on the command line; if is_nested of a stream.
  std::uint32_t input = 0;
  bool is_nested = false;
  std::uint64_t offset = 0;         // unless copied: of its first byte in the input
  std::uint64_t stored_length = 0;  // unless copied: bytes it takes there
  std::uint64_t length = 0;         // decoded bytes, as far as they are used; in a walk only
                                    // those that need no decoding to be known
};

StreamKind kind_of(codec::Format format);

// Decodes a stream of any kind but copied, from a restart point or its start. `input` is the range
// that the plan names, and outlives the decoder; `passphrase` is that of encrypted archives.
Result<std::unique_ptr<codec::Decoder>> open_stream(StreamKind kind, const codec::Input& input,
                                                    const codec::RestartPoint& point,
                                                    const std::optional<std::string>& passphrase);

}  // namespace leakfs::archive
