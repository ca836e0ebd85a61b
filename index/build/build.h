// SPDX-License-Identifier: GPL-3.0-or-later
// Builds an index: what mkleakfs does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/base/error.h"
#include "index/build/finish.h"

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

struct BuildOptions {
  std::vector<std::string> inputs;  // at least one
  std::string output;
  std::vector<std::string> key_files;
  bool uses_shipped_keys = true;  // behind those of key_files
  std::optional<std::string> passphrase;
  unsigned jobs = 1;
  bool replace = false;
};

// The index exists and is whole if there is no Error.
Result<Outcome> build_index(const BuildOptions& options, ProgressListener& listener);

}  // namespace leakfs::build
