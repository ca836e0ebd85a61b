// SPDX-License-Identifier: GPL-3.0-or-later
// Character references of HTML (§13.2.5.72): numbers, and the names that mail uses.
#pragma once

#include <string>
#include <string_view>

namespace leakfs::mail {

// Appends `text` with its references decoded; what is none, or of an unknown name, stays.
void append_decoded_entities(std::string& out, std::string_view text);

}  // namespace leakfs::mail
