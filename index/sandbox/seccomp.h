// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: the list of system calls that are left. libseccomp is behind this file.
#pragma once

#include "index/sandbox/sandbox.h"

namespace leakfs::sandbox {

bool has_seccomp();

// All other calls fail with EPERM. False if the filter could not be installed; throws
// std::bad_alloc if it could not be made.
bool confine_by_seccomp(const Needs& needs);

}  // namespace leakfs::sandbox
