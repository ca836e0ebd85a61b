// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: the one place where a failure becomes an errno, and an exception ends.
#pragma once

#define FUSE_USE_VERSION 314
#include <functional>

#include <fuse_lowlevel.h>

#include "index/base/error.h"

namespace leakfs::fuse {

// Runs `serve`, which replies to the request unless it returns an Error; that is logged and replied
// as its errno, EIO if it has none. `what` names the request for the log.
void answer(fuse_req_t request, const char* what, const std::function<Result<void>()>& serve);

}  // namespace leakfs::fuse
