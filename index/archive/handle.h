// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: owners of libarchive objects, and reading with the formats and filters
// that need no external program.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <archive.h>
#include <archive_entry.h>

#include "index/archive/walk.h"

namespace leakfs::archive {

struct FreeReader {
  void operator()(struct archive* reader) const { archive_read_free(reader); }
};
using ReaderHandle = std::unique_ptr<struct archive, FreeReader>;

struct FreeWriter {
  void operator()(struct archive* writer) const { archive_write_free(writer); }
};
using WriterHandle = std::unique_ptr<struct archive, FreeWriter>;

// What to do about an archive that cannot be read.
constexpr const char* damaged_hint = "get another copy, or repair it first";

// What libarchive says is wrong, on one line.
std::string error_text(struct archive* handle);

// A Member from libarchive's entry; `root` is the name of the input.
Member member_of(struct archive_entry* entry, const std::string& root);

// "a//./b" below `root`: empty and "." components go.
ByteString clean_path(Bytes path, const std::string& root);

}  // namespace leakfs::archive
