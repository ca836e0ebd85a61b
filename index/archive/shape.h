// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: what kind of archive bytes start like. Whether they are one, only reading
// them tells.
#pragma once

#include <cstdint>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/codec/input.h"

namespace leakfs::archive {

enum class Shape : std::uint8_t {
  other,
  zip,
  seekable,  // 7z, rar, iso9660
  tar,
  cpio,
  compressed,
};

// The first bytes that decide: the volume descriptors of ECMA-119 begin in sector 16.
constexpr std::size_t shape_size = 0x8006;

// `head` is the start of the content, shape_size bytes or all of it; more does not matter.
Shape shape_of(Bytes head);
Result<Shape> shape_of(const codec::Input& input);

bool is_tar(Bytes head);
bool is_cpio(Bytes head);
// By its magic alone, for a header may be damaged.
bool has_cpio_magic(Bytes head);

// What a member of an archive is taken for. Of zip, only what has a member (others hold nothing)
// and is no document (Office, OpenDocument, e-book, Java), which its first member tells.
Shape nested_shape_of(Bytes head);
// Whether more bytes than these may change that.
bool is_shape_open(Bytes head);
// Whether so little tells the shape that other files look the same.
bool is_shape_weak(Bytes head);

}  // namespace leakfs::archive
