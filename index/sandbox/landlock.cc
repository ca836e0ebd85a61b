// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/sandbox/landlock.h"

#include <array>
#include <cstddef>

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "index/base/file.h"

namespace leakfs::sandbox {
namespace {

// The attributes of a set of rules, with fields that Debian 12's header does not have yet. Older
// kernels are given the part that they know.
struct Attributes {
  std::uint64_t files = 0;
  std::uint64_t network = 0;  // version 4
  std::uint64_t scopes = 0;   // version 6
};

// Rights over files that each version knows are the lowest bits (landlock(7)).
constexpr std::array<int, 8> file_right_bits = {0, 13, 14, 15, 15, 16, 16, 16};
constexpr int version_max = file_right_bits.size() - 1;
constexpr std::uint64_t network_rights = 3;  // bind and connect by TCP
constexpr std::uint64_t scopes = 3;          // abstract sockets and signals

std::size_t attributes_size(int version) {
  if (version < 4) return offsetof(Attributes, network);
  return version < 6 ? offsetof(Attributes, scopes) : sizeof(Attributes);
}

bool allow(int rules, const std::string& directory, std::uint64_t rights) {
  const File place(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!place.is_open()) return false;
  const landlock_path_beneath_attr rule = {.allowed_access = rights,
                                           .parent_fd = place.descriptor()};
  return ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

}  // namespace

int landlock_version() {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : static_cast<int>(version);
}

int confine_by_landlock(const Needs& needs) {
  const int available = landlock_version();
  if (available == 0) return 0;
  const int version = available < version_max ? available : version_max;
  const auto bits = file_right_bits.at(static_cast<std::size_t>(version));
  const Attributes attributes = {.files = (std::uint64_t{1} << bits) - 1,
                                 .network = version < 4 ? 0 : network_rights,
                                 .scopes = version < 6 ? 0 : scopes};
  const File rules(static_cast<int>(
      ::syscall(SYS_landlock_create_ruleset, &attributes, attributes_size(version), 0)));
  if (!rules.is_open()) return 0;
  for (const std::string& directory : needs.readable_below) {
    allow(rules.descriptor(), directory,
          LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
  }
  for (const std::string& directory : needs.replaceable_in) {
    allow(
        rules.descriptor(), directory,
        LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG);
  }
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return 0;
  return ::syscall(SYS_landlock_restrict_self, rules.descriptor(), 0) == 0 ? version : 0;
}

}  // namespace leakfs::sandbox
