// SPDX-License-Identifier: GPL-3.0-or-later
// A mounted tree, from mounting to unmounting.
#pragma once

#include <functional>

#include "fs/fuse/options.h"
#include "fs/tree/tree.h"
#include "index/base/error.h"

namespace leakfs::fuse {

// Mounts, calls `on_ready`, which may confine the process, starts its threads, and serves until the
// tree is unmounted or SIGTERM, SIGINT or SIGHUP ends it, which is no failure. An Error if it
// cannot be mounted.
Result<void> serve(const tree::Tree& tree, const Options& options,
                   const std::function<void()>& on_ready);

}  // namespace leakfs::fuse
