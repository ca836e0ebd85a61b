// SPDX-License-Identifier: GPL-3.0-or-later
// What can be the name of a file in a folder that is shown to people.
#pragma once

#include <string_view>

#include "index/base/bytes.h"

namespace leakfs {

// UTF-8 of 1 to 255 bytes that is neither "." nor ".." and has no "/", no control
// character and nothing else that could drive a terminal. One other name makes the kernel refuse
// the whole folder.
bool is_file_name(Bytes name);

}  // namespace leakfs
