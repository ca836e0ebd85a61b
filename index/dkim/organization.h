// SPDX-License-Identifier: GPL-3.0-or-later
// Which domains belong to one organisation, by the public suffix list (RFC 7489 §3.2). libpsl, with
// the list that is built into it, is behind this file.
#pragma once

#include <string_view>

namespace leakfs::dkim {

// Both in lower case. Equal names are always of one organisation.
bool is_same_organization(std::string_view a, std::string_view b);

}  // namespace leakfs::dkim
