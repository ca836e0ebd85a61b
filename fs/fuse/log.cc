// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/log.h"

#include <atomic>
#include <cstdio>
#include <ctime>

#include <syslog.h>

#include "index/base/utf8.h"

namespace leakfs::fuse {
namespace {
std::atomic<bool> is_syslog = false;
}

void log_to_syslog() {
  // Connected now, and with the time zone: later there may be no way to either.
  openlog("leakfs", LOG_PID | LOG_NDELAY, LOG_DAEMON);
  ::tzset();
  is_syslog = true;
}

void log(std::string_view text) {
  const std::string line = one_line(text);
  if (is_syslog) {
    syslog(LOG_ERR, "%s", line.c_str());
  } else {
    std::fprintf(stderr, "leakfs: %s\n", line.c_str());
  }
}

}  // namespace leakfs::fuse
