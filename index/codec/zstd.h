// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: zstd (RFC 8878), frame by frame. libzstd is behind it.
#pragma once

#include <memory>

#include "index/codec/decoder.h"

namespace leakfs::codec {

Result<std::unique_ptr<Decoder>> make_zstd_decoder(const Input& input, const RestartPoint& point,
                                                   PointVisitor visit);

// The size of the largest frame, decoded, or more where its header does not tell; absent where the
// frames cannot be followed to the end. Only headers are read.
Result<std::optional<std::uint64_t>> largest_zstd_frame(const Input& input);

}  // namespace leakfs::codec
