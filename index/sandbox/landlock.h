// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: Landlock (landlock(7)), which has no library.
#pragma once

#include "index/sandbox/sandbox.h"

namespace leakfs::sandbox {

// The version of the interface that the kernel has; 0 if it has none.
int landlock_version();

// Takes away all access to files by path but what is needed, TCP, and from version 6 on signals and
// abstract sockets of processes outside. The version that took hold; 0 if none.
int confine_by_landlock(const Needs& needs);

}  // namespace leakfs::sandbox
