// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: deflate and gzip. zlib is behind it.
#pragma once

#include <memory>

#include "index/codec/decoder.h"

namespace leakfs::codec {

enum class Framing : std::uint8_t { raw, gzip };

// `point` is where to start; `visit` may be empty.
Result<std::unique_ptr<Decoder>> make_inflater(Framing framing, const Input& input,
                                               const RestartPoint& point, PointVisitor visit);

// A window in which what is not referred to by the stream that goes on at `input_bit` is zero, so
// that it compresses to little.
Result<ByteString> referred_window(const Input& input, std::uint64_t input_bit, Bytes window);

}  // namespace leakfs::codec
