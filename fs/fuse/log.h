// SPDX-License-Identifier: GPL-3.0-or-later
// What a mounted file system has to say: to stderr in the foreground, to syslog behind it.
#pragma once

#include <string_view>

namespace leakfs::fuse {

void log_to_syslog();
// One line, safe for a terminal. What was said before is not said again: a search through a tree
// whose archive is gone fails for each file. Safe from several threads.
void log(std::string_view text);
// From a handler: the exception that it handles, as "WHAT: ...". If memory lacks for that, nothing.
void log_exception(std::string_view what) noexcept;

}  // namespace leakfs::fuse
