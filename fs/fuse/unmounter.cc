// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/unmounter.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace leakfs::fuse {
namespace {

constexpr std::chrono::milliseconds look_interval(5);
constexpr int looks_max = 400;

// So that it is not taken for what it waits for: neither by its name nor by its arguments, which
// lie where proc(5) says.
void rename_process() {
  constexpr const char* name = "fuse-unmount";
  constexpr int arg_start = 48;  // of the fields of /proc/self/stat
  ::prctl(PR_SET_NAME, name);
  std::ifstream file("/proc/self/stat");
  std::string stat;
  std::getline(file, stat);
  std::istringstream fields(stat.substr(std::min(stat.rfind(')') + 2, stat.size())));
  std::string skipped;
  for (int field = 3; field < arg_start; ++field) fields >> skipped;
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  fields >> begin >> end;
  if (!fields || end <= begin) return;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel tells it as a number.
  auto* arguments = reinterpret_cast<char*>(begin);
  std::memset(arguments, 0, end - begin);
  std::strncpy(arguments, name, end - begin - 1);
}

// Lazily: who still has a file of it open keeps it as long.
[[noreturn]] void unmount(const char* mountpoint) {
  if (::umount2(mountpoint, MNT_DETACH | UMOUNT_NOFOLLOW) == 0) ::_exit(0);
  ::execlp("fusermount3", "fusermount3", "-u", "-q", "-z", "--", mountpoint, nullptr);
  ::_exit(1);
}

[[noreturn]] void wait_and_unmount(int line, const char* mountpoint) {
  ::setsid();
  rename_process();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_IGN);
  if (::chdir("/") != 0) ::_exit(1);
  ::dup2(line, STDIN_FILENO);
  // Whoever reads what leakfs says waits until nobody can say more.
  const int null = ::open("/dev/null", O_WRONLY);
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, descriptor);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  char word = 0;
  ssize_t length = 0;
  do {
    length = ::read(STDIN_FILENO, &word, 1);
  } while (length < 0 && errno == EINTR);
  if (length == 1) ::_exit(0);
  unmount(mountpoint);
}

}  // namespace

Unmounter::Unmounter(const std::string& mountpoint) {
  const std::unique_ptr<char, void (*)(void*)> absolute(
      ::realpath(directory_of(mountpoint).c_str(), nullptr), std::free);
  int ends[2];
  if (absolute == nullptr || ::pipe2(ends, O_CLOEXEC) != 0) return;
  File theirs(ends[0]);
  line_ = File(ends[1]);
  // Not realpath() of the mount point itself, which nobody serves yet.
  const std::string path = std::string(absolute.get()) + "/" + file_name_of(mountpoint);
  process_ = ::fork();
  if (process_ == 0) wait_and_unmount(theirs.descriptor(), path.c_str());
}

Unmounter::~Unmounter() {
  line_ = File();
  for (int i = 0; i < looks_max && ::waitpid(process_, nullptr, WNOHANG) == 0; ++i) {
    std::this_thread::sleep_for(look_interval);
  }
}

void Unmounter::leave_alone() {
  const char word = 0;
  // If nobody reads it, nobody unmounts.
  static_cast<void>(::write(line_.descriptor(), &word, 1) == 1);
}

}  // namespace leakfs::fuse
