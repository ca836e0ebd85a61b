// SPDX-License-Identifier: GPL-3.0-or-later
// The fast part of canonicalization: a text is copied as far as it is canonical as it stands. That
// is most of any mail with CRLF, and a line of others.
#pragma once

#include <cstddef>

#include "index/base/bytes.h"
#include "index/dkim/canonical.h"

namespace leakfs::dkim {

// Copies a stretch at the start of `text` that canonicalization, simple or relaxed, leaves alone
// and returns its length. `text` starts with a byte that is no white space; the stretch ends with
// one. It may be shorter than possible, but is never empty. `out` has room for all of `text`; what
// lies after the stretch is undefined.
std::size_t copy_stretch(Bytes text, char* out, Canonicalization how);

}  // namespace leakfs::dkim
