// SPDX-License-Identifier: GPL-3.0-or-later
// Files that people attach: names, and content that has the right magic bytes and packs about as
// well as such files do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "index/base/bytes.h"
#include "tools/sample/random.h"
#include "tools/sample/vocabulary.h"

namespace leakfs::sample {

enum class ContentKind : std::uint8_t { pdf, docx, xlsx, doc, jpg, png, zip };

struct Attachment {
  ContentKind kind = ContentKind::pdf;
  std::string filename;  // UTF-8; empty: has none
  std::uint64_t size = 0;
  std::uint64_t seed = 0;
  bool is_inline = false;  // shown by the HTML body
};

// An inline one is an image and always has a filename.
Attachment make_attachment(std::uint64_t size, bool is_inline, Language language, Random& random);

std::string_view media_type(ContentKind kind);

// `attachment.size` bytes.
ByteString content_of(const Attachment& attachment);

}  // namespace leakfs::sample
