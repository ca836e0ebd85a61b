// SPDX-License-Identifier: GPL-3.0-or-later
// The fast part of canonicalization: how far a text is canonical as it stands. That is most of any
// mail with CRLF, and a line of others.
#pragma once

#include <cstddef>

#include "index/base/bytes.h"
#include "index/dkim/canonical.h"

namespace leakfs::dkim {

// The length of a stretch at the start of `text`, simple or relaxed, that canonicalization leaves
// alone. `text` starts with a byte that is no white space; the stretch ends with one. It may be
// shorter than possible, but is never empty.
std::size_t stretch_length(Bytes text, Canonicalization how);

}  // namespace leakfs::dkim
