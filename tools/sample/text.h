// SPDX-License-Identifier: GPL-3.0-or-later
// What a draft says, as plain text and as HTML, in UTF-8 with CRLF.
#pragma once

#include <span>
#include <string>

#include "tools/sample/draft.h"

namespace leakfs::sample {

std::string plain_text(const Draft& draft);

// `images` are content ids (RFC 2392) to show.
std::string html_text(const Draft& draft, std::span<const std::string> images);

}  // namespace leakfs::sample
