// SPDX-License-Identifier: GPL-3.0-or-later
// Builds an index: what mkleakfs does. A supervisor, which writes it, a reader of the archives and
// parsers, each a process with only what it needs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "index/archive/walk.h"
#include "index/base/error.h"
#include "index/build/finish.h"
#include "index/build/key_files.h"
#include "index/build/listener.h"
#include "index/sandbox/sandbox.h"

namespace leakfs::build {

struct BuildOptions {
  std::vector<std::string> inputs;  // at least one
  std::string output;
  KeyFiles keys;
  std::optional<std::string> passphrase;
  archive::CopyPolicy copy = archive::CopyPolicy::distant;
  unsigned jobs = 1;
  bool replace = false;
};

// In two steps, so that the caller can confine itself between them. For a process of one thread.
class Build {
 public:
  // Opens all that will be read and written. Not a byte of mail is looked at.
  static Result<Build> open(const BuildOptions& options, ProgressListener& listener);
  Build(Build&&) noexcept;
  Build& operator=(Build&&) noexcept;
  ~Build();

  // What is left to do needs.
  sandbox::Needs needs() const;
  // Call once. The index exists and is whole if there is no Error.
  Result<Outcome> run(ProgressListener& listener);

 private:
  struct State;
  explicit Build(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Both steps.
Result<Outcome> build_index(const BuildOptions& options, ProgressListener& listener);

}  // namespace leakfs::build
