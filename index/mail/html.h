// SPDX-License-Identifier: GPL-3.0-or-later
// HTML to plain text for grep. gumbo is behind this file.
#pragma once

#include <string>
#include <string_view>

namespace leakfs::mail {

constexpr int html_depth_max = 500;  // elements within elements; deeper text is kept, unnested

// The visible text: blocks on lines of their own, <br>, list items, table cells separated by tabs,
// quotes as "> ", link targets that differ from their text as " <https://...>"; script, style and
// comments dropped; white space collapsed.
std::string html_to_text(std::string_view html);

}  // namespace leakfs::mail
