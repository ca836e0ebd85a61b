// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/log.h"

#include <atomic>
#include <cstdio>
#include <ctime>
#include <exception>
#include <mutex>
#include <new>
#include <string>
#include <unordered_set>

#include <syslog.h>

#include "index/base/utf8.h"

namespace leakfs::fuse {
namespace {

constexpr std::size_t lines_max = 1000;  // that are remembered

std::atomic<bool> is_syslog = false;

bool is_new(const std::string& line) {
  static std::mutex mutex;
  static std::unordered_set<std::string> said;
  const std::lock_guard lock(mutex);
  if (said.size() >= lines_max) said.clear();
  return said.insert(line).second;
}

}  // namespace

void log_to_syslog() {
  // Connected now, and with the time zone: later there may be no way to either.
  openlog("leakfs", LOG_PID | LOG_NDELAY, LOG_DAEMON);
  ::tzset();
  is_syslog = true;
}

void log(std::string_view text) {
  const std::string line = one_line(text);
  if (!is_new(line)) return;
  if (is_syslog) {
    syslog(LOG_ERR, "%s", line.c_str());
  } else {
    std::fprintf(stderr, "leakfs: %s\n", line.c_str());
  }
}

void log_exception(std::string_view what) noexcept {
  try {
    try {
      throw;
    } catch (const std::bad_alloc&) {
      log(std::string(what) + ": there is not enough memory");
    } catch (const std::exception& exception) {
      log(std::string(what) + ": " + exception.what());
    }
  } catch (...) {
    return;  // the request fails, which somebody sees
  }
}

}  // namespace leakfs::fuse
