// SPDX-License-Identifier: GPL-3.0-or-later
// A draft's text and files as a MIME entity. Drafts that differ in words only give the same header.
#pragma once

#include "index/base/bytes.h"
#include "tools/sample/draft.h"

namespace leakfs::sample {

struct Entity {
  ByteString header;  // the Content-* fields, each with CRLF
  ByteString body;    // ends with CRLF
  bool is_8bit = false;
};

Entity entity_of(const Draft& draft);

}  // namespace leakfs::sample
