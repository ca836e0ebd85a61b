// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/sandbox/privileges.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "index/base/file.h"

namespace leakfs::sandbox {
namespace {

// The soft limit and the hard one; never raises one.
void limit(int resource, rlim_t most) {
  rlimit now = {};
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &now) != 0) return;
  const rlimit lowered = {.rlim_cur = std::min(now.rlim_cur, most),
                          .rlim_max = std::min(now.rlim_max, most)};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &lowered);
}

}  // namespace

std::uint64_t memory_in_use() {
  // Of the process that asks first: children do not ask.
  static const Result<File> statm = File::open("/proc/self/statm");
  if (!statm) return 0;
  char text[128] = {};
  const std::size_t length = statm->read_some(0, text, sizeof text).value_or(0);
  // The sixth number is that of the pages of data.
  const char* at = text;
  for (int blanks = 0; blanks < 5 && at < text + length; ++at) blanks += *at == ' ' ? 1 : 0;
  std::uint64_t pages = 0;
  std::from_chars(at, text + length, pages);
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void drop_capabilities(const Needs& needs) {
  std::uint32_t kept = 0;
  if (!needs.readable_below.empty() || !needs.replaceable_in.empty()) {
    kept = 1U << CAP_DAC_OVERRIDE | 1U << CAP_DAC_READ_SEARCH | 1U << CAP_FOWNER;
  }
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> sets = {};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return;
  for (__user_cap_data_struct& set : sets) {
    set.effective &= kept;
    set.permitted &= kept;
    set.inheritable = 0;
    kept = 0;  // of the upper half none
  }
  ::syscall(SYS_capset, &header, sets.data());
}

void limit_resources(const Needs& needs) {
  limit(RLIMIT_CORE, 0);
  if (needs.memory_max) limit(RLIMIT_DATA, *needs.memory_max);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace leakfs::sandbox
