// SPDX-License-Identifier: GPL-3.0-or-later
// The last page of an index: what tells a whole index from a damaged one before anything is mapped.
// leakfs-index(5) draws it.
#pragma once

#include <cstdint>
#include <string>

#include "index/base/bytes.h"
#include "index/base/checksum.h"
#include "index/base/error.h"

namespace leakfs::store {

constexpr std::uint32_t format_version = 4;
constexpr std::size_t page_size = 4096;

struct Seal {
  std::uint64_t tables_length = 0;
  std::uint64_t heap_length = 0;
  Checksum tables_checksum = {};
  std::string program;  // "leakfs 0.1.0"
};

// The page.
ByteString encode_seal(const Seal& seal);

// `page` is the last page of a file of `file_size` bytes. An error says what is wrong and what to
// do: no index, another format version, damaged, cut.
Result<Seal> decode_seal(Bytes page, std::uint64_t file_size);

}  // namespace leakfs::store
