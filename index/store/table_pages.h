// SPDX-License-Identifier: GPL-3.0-or-later
// The form of LMDB's pages. LMDB believes every number in them, so an index that somebody forged
// could make it read anywhere; it is given a file only after this has walked all of it. What the
// records hold is not known here.
#pragma once

#include "index/base/bytes.h"
#include "index/base/error.h"

namespace leakfs::store {

// `tables` are the pages of an LMDB file, all that are in use. An Error says which page is wrong.
// Of what passes, every page, node and value that LMDB can be led to lies within `tables`, every
// tree ends, and keys are in order.
Result<void> verify_table_pages(Bytes tables);

}  // namespace leakfs::store
