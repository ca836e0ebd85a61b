// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/dead_mount.h"

#include <cerrno>

#include <spawn.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace leakfs::fuse {
namespace {

bool is_dead(const std::string& mountpoint) {
  struct stat status = {};
  return ::stat(mountpoint.c_str(), &status) != 0 && errno == ENOTCONN;
}

// Only root may unmount by itself; others have FUSE's helper, which looks whose mount it is.
void ask_helper(const std::string& mountpoint) {
  std::string path = mountpoint;
  char program[] = "fusermount3";
  char unmount[] = "-u";
  char lazily[] = "-z";
  char end_of_options[] = "--";
  char* const arguments[] = {program, unmount, lazily, end_of_options, path.data(), nullptr};
  pid_t child = 0;
  if (::posix_spawnp(&child, program, nullptr, nullptr, arguments, environ) == 0) {
    ::waitpid(child, nullptr, 0);
  }
}

}  // namespace

Result<void> detach_dead_mount(const std::string& mountpoint) {
  if (!is_dead(mountpoint)) return {};
  if (::umount2(mountpoint.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) != 0) ask_helper(mountpoint);
  if (!is_dead(mountpoint)) return {};
  return output_error(ENOTCONN, mountpoint, "unmount it with fusermount3 -u");
}

}  // namespace leakfs::fuse
