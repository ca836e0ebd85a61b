// SPDX-License-Identifier: GPL-3.0-or-later
// Giving up what a process does not need, before it touches bytes that may be hostile. What it will
// read or write is opened before; what is loaded when first used (charset converters, the time
// zone, the connection to the log) is used once before, for it fails silently inside.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leakfs::sandbox {

// What is left to a confined process, beside memory, time, and reading, writing and closing the
// descriptors that it has.
struct Needs {
  bool starts_threads = false;
  bool starts_processes = false;            // which stay in its sandbox and may be confined further
  bool writes_files = false;                // at an offset, and syncs, cuts and copies them
  bool serves_fuse = false;                 // moves bytes by pipes, and logs
  std::vector<std::string> readable_below;  // directories whose files it opens
  // Directories in which it renames and removes files.
  std::vector<std::string> replaceable_in;
  // Bytes of memory of its own, what it has now included (RLIMIT_DATA).
  std::optional<std::uint64_t> memory_max;
};

// What a kernel is able to do, or did.
struct Protection {
  int landlock = 0;  // version of its interface; 0: none
  bool has_seccomp = false;

  bool is_full() const { return landlock > 0 && has_seccomp; }
  // "Landlock 7, seccomp"; says what is missing.
  std::string text() const;
};

// What this kernel is able to do.
Protection available();

// Bytes of memory of its own that this process has, as memory_max counts them. The first call has
// to come before the process is confined.
std::uint64_t memory_in_use();

// Confines the calling thread and all that it starts, for good: no other files, no network, no
// other programs, no privileges. To be called before other threads start. Where the kernel lacks a
// part the rest takes hold; what did is returned, for the log. Throws std::bad_alloc where memory
// lacks.
Protection confine(const Needs& needs);

}  // namespace leakfs::sandbox
