// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/sandbox/sandbox.h"

#include <sys/prctl.h>

#include "index/sandbox/landlock.h"
#include "index/sandbox/privileges.h"
#include "index/sandbox/seccomp.h"

namespace leakfs::sandbox {

std::string Protection::text() const {
  const std::string files =
      landlock > 0 ? "Landlock " + std::to_string(landlock) : "no Landlock in this kernel";
  return files + (has_seccomp ? ", seccomp" : ", no seccomp in this kernel");
}

Protection available() { return {.landlock = landlock_version(), .has_seccomp = has_seccomp()}; }

Protection confine(const Needs& needs) {
  memory_in_use();  // which has to open what it reads
  limit_resources(needs);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  Protection protection;
  protection.landlock = confine_by_landlock(needs);
  drop_capabilities(needs);
  // Last, for it takes away the calls that the others are made of.
  protection.has_seccomp = confine_by_seccomp(needs);
  return protection;
}

}  // namespace leakfs::sandbox
