// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: what libarchive does not say of a rar.
#pragma once

#include "index/base/bytes.h"

namespace leakfs::archive {

// Whether what starts like this is one of several files that only together are a rar. libarchive
// reads its members up to the end of this one, without a word.
bool is_rar_volume(Bytes head);

}  // namespace leakfs::archive
