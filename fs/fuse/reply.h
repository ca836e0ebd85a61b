// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: the one place where a failure becomes an errno, and an exception ends.
#pragma once

#define FUSE_USE_VERSION 314
#include <functional>

#include <fuse_lowlevel.h>

#include "index/base/error.h"

namespace leakfs::fuse {

// What answer() does, whatever `serve` is.
void answer_by(fuse_req_t request, const char* what, const std::function<Result<void>()>& serve);

// Runs `serve`, which replies to the request unless it returns an Error or throws; that is logged
// and replied as its errno, EIO if it has none. `what` names the request for the log.
template <typename Serve>
void answer(fuse_req_t request, const char* what, const Serve& serve) {
  // A reference, for a copy can take memory that there is not.
  answer_by(request, what, std::cref(serve));
}

}  // namespace leakfs::fuse
