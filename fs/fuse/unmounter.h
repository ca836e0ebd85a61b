// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: a process that unmounts when this one is gone, however it went, for who
// is confined may not. (libfuse's own, of auto_unmount, first opens the mount point to see whether
// it is dead; where directories are opened without a request that succeeds, and it leaves it.)
#pragma once

#include <string>

#include <sys/types.h>

#include "index/base/file.h"

namespace leakfs::fuse {

class Unmounter {
 public:
  // Starts it, after the mount and before this process has threads. It keeps no descriptor of this
  // process.
  explicit Unmounter(const std::string& mountpoint);
  // Has it unmount, and waits until it did, at most two seconds. The session has to be gone.
  ~Unmounter();
  Unmounter(const Unmounter&) = delete;
  Unmounter& operator=(const Unmounter&) = delete;

  // Somebody unmounted: what is mounted there now is another's.
  void leave_alone();

 private:
  File line_;  // at whose end it unmounts
  pid_t process_ = -1;
};

}  // namespace leakfs::fuse
