// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: what is said of archives that are encrypted.
#pragma once

#include "index/archive/walk_context.h"

namespace leakfs::archive {

// Of what only a program of its own decrypts: 7z, rar.
Result<void> report_undecryptable(WalkContext& context);
// Of a zip: its passphrase is missing or wrong.
Result<void> report_encrypted(WalkContext& context);

}  // namespace leakfs::archive
