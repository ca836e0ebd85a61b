// SPDX-License-Identifier: GPL-3.0-or-later
// HTML to plain text for grep. gumbo is behind this file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leakfs::mail {

constexpr std::size_t html_depth_max = 500;  // elements within elements; see html_to_text()

// The visible text: blocks on lines of their own, <br>, list items, table cells separated by tabs,
// quotes as "> ", link targets that differ from their text as " <https://...>"; script, style and
// comments dropped; white space collapsed; images by their description. HTML that is deeper than
// html_depth_max, large or otherwise made to exhaust a tree builder gives the same text, its lines
// by tags alone.
std::string html_to_text(std::string_view html);

}  // namespace leakfs::mail
