// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: members of a zip that are found by the headers before their bytes, where
// its directory is lost.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "index/archive/zip_entry.h"
#include "index/archive/zip_place.h"
#include "index/base/error.h"
#include "index/codec/input.h"

namespace leakfs::archive {

struct FoundZipMember {
  ZipEntry entry;
  ZipPlace place;  // its end is too far, if the end of the bytes can be told only by decoding them
};

// The first member whose header is in a range of the file.
Result<std::optional<FoundZipMember>> find_member(const codec::Input& input, std::uint64_t from,
                                                  std::uint64_t end);

// Takes the checksum and the length behind the member's bytes (§4.3.9) for those of the entry.
// False if there are none.
Result<bool> take_descriptor(const codec::Input& input, std::uint64_t at, ZipEntry& entry);

}  // namespace leakfs::archive
