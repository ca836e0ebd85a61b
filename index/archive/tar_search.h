// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: headers of a tar where they should not be, because bytes before them are
// damaged, missing or too many.
#pragma once

#include <cstdint>
#include <optional>

#include "index/archive/whole_stream.h"
#include "index/base/error.h"

namespace leakfs::archive {

// The size of a header in bytes, to a multiple of which contents are filled up (POSIX.1 ustar).
constexpr std::size_t tar_record = 512;

// How far before the end of the last member the next is looked for: that many bytes may be missing
// before a header that is still found.
constexpr std::uint64_t tar_search_back = 4 << 10;

// How far into what is not known to be a tar its first whole header is looked for.
constexpr std::uint64_t tar_search_max = 64_MiB;

// The first whole header (POSIX.1 pax, GNU) at `from` or behind, up to `end`, at any byte. `from`
// is within the last two blocks of the stream, which is read on as far as needed. Absent if there
// is none.
Result<std::optional<std::uint64_t>> find_tar_header(WholeStream& stream, std::uint64_t from,
                                                     std::uint64_t end);

}  // namespace leakfs::archive
