// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: bzip2, block by block. libbz2 is behind it.
#pragma once

#include <memory>

#include "index/codec/decoder.h"

namespace leakfs::codec {

Result<std::unique_ptr<Decoder>> make_bzip2_decoder(const Input& input, const RestartPoint& point,
                                                    PointVisitor visit);

}  // namespace leakfs::codec
