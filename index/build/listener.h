// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace leakfs::build {

struct Progress {
  std::uint64_t bytes = 0;  // of the inputs, read
  std::uint64_t bytes_total = 0;
  std::uint64_t messages = 0;
  bool is_finishing = false;  // all was read; tables are being written
};

// Told how far the build is, often, from one thread.
class ProgressListener {
 public:
  virtual ~ProgressListener() = default;
  virtual void update(const Progress& progress) = 0;
  // A thing to tell the user at once, such as a bad line in a key file.
  virtual void warn(const std::string& text) = 0;
};

}  // namespace leakfs::build
