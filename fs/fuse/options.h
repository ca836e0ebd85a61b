// SPDX-License-Identifier: GPL-3.0-or-later
// The command line of leakfs(1).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "index/base/error.h"

namespace leakfs::fuse {

struct Options {
  std::string source;  // ARCHIVE or INDEX
  std::string mountpoint;
  std::string index;                  // -o index=
  std::vector<std::string> archives;  // -o archive=
  std::vector<std::string> keys;      // -o keys=
  std::string passphrase_file;
  bool is_building_allowed = true;  // without -o noindex
  bool is_prefetching = true;       // without -o noprefetch
  std::optional<std::size_t> cache_size;
  std::optional<unsigned> read_size_max;  // -o max_read=, bytes
  uid_t uid = 0;
  gid_t gid = 0;
  mode_t umask = 0;
  bool is_foreground = false;
  bool is_debug = false;
  bool is_help = false;
  bool is_version = false;
  std::vector<std::string> mount_options;  // for FUSE
};

Result<Options> parse_options(int argc, char** argv);

// What --help prints.
const char* help_text();

}  // namespace leakfs::fuse
