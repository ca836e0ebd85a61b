// SPDX-License-Identifier: GPL-3.0-or-later
// The front of a message's text, from its record.
#pragma once

#include <string>
#include <vector>

#include "index/store/records_generated.h"

namespace leakfs::view {

// `sources` are those of the record, as source_text() gives them.
std::string front_of(const records::Message& message, const std::vector<std::string>& sources);

}  // namespace leakfs::view
