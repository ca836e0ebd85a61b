// SPDX-License-Identifier: GPL-3.0-or-later
// What a file system leaves behind whose process and the helper that unmounts for it were killed: a
// mount point of which nobody can be asked anything.
#pragma once

#include <string>

#include "index/base/error.h"

namespace leakfs::fuse {

// Takes a dead mount off its directory, as `fusermount3 -u -z` does. Does nothing where there is
// none.
Result<void> detach_dead_mount(const std::string& mountpoint);

}  // namespace leakfs::fuse
