// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: xz (The .xz File Format 1.1.0), block by block. liblzma is behind it.
#pragma once

#include <memory>

#include "index/codec/decoder.h"

namespace leakfs::codec {

Result<std::unique_ptr<Decoder>> make_xz_decoder(const Input& input, const RestartPoint& point,
                                                 PointVisitor visit);

// The size of the largest block, decoded, by the indexes of the streams; absent where they cannot
// be read.
Result<std::optional<std::uint64_t>> largest_xz_block(const Input& input);

}  // namespace leakfs::codec
