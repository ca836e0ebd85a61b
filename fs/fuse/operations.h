// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: requests of the kernel to calls of the tree.
#pragma once

#include <functional>
#include <optional>

#include <sys/types.h>

#include "fs/fuse/reply.h"
#include "fs/tree/tree.h"

namespace leakfs::fuse {

class Prefetch;
class Workers;

// What every request needs; the session's user data.
struct Served {
  const tree::Tree& tree;
  Prefetch* prefetch = nullptr;  // null: off
  Workers* workers = nullptr;    // never null while requests are served
  uid_t uid = 0;
  gid_t gid = 0;
  mode_t umask = 0;                       // bits taken from 0444 and 0555
  std::optional<unsigned> read_size_max;  // of a READ, bytes; the kernel's own if it is absent
  std::function<void()> end;              // ends the session, soon
};

// Immutable content makes most requests needless: entries and attributes stay valid for ever, open
// and opendir are answered ENOSYS (after which the kernel sends neither and caches directories).
const fuse_lowlevel_ops& operations();

}  // namespace leakfs::fuse
