// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: what kind of archive bytes start like. Whether they are one, only reading
// them tells.
#pragma once

#include <cstdint>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/codec/input.h"

namespace leakfs::archive {

enum class Shape : std::uint8_t { zip, seekable, stream };

Result<Shape> shape_of(const codec::Input& input);

bool is_tar(Bytes head);
// By its magic alone, for a header may be damaged.
bool has_cpio_magic(Bytes head);

}  // namespace leakfs::archive
