// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: capabilities (capabilities(7)) and resource limits (setrlimit(2)).
#pragma once

#include "index/sandbox/sandbox.h"

namespace leakfs::sandbox {

// Those of root, but what its files need if it has still to open, rename or remove some.
void drop_capabilities(const Needs& needs);

// No core dump, which would be the leak in a file, and no tracing; memory and files as needed.
void limit_resources(const Needs& needs);

}  // namespace leakfs::sandbox
