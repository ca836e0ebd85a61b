// SPDX-License-Identifier: GPL-3.0-or-later
// Judges the signatures of an index again, without the archive.
#pragma once

#include <memory>
#include <string>

#include "index/base/error.h"
#include "index/build/finish.h"
#include "index/build/key_files.h"
#include "index/build/listener.h"
#include "index/sandbox/sandbox.h"

namespace leakfs::build {

// Replaces the index by one whose verdicts are those that the keys give: records, folders, catalog
// and README.txt are written anew, texts and copied content stay. The index is whole all the time,
// and untouched after an Error. In two steps, so that the caller can confine itself between them.
class Reverification {
 public:
  // Opens all that will be read and written.
  static Result<Reverification> open(const std::string& index, const KeyFiles& files, unsigned jobs,
                                     ProgressListener& listener);
  Reverification(Reverification&&) noexcept;
  Reverification& operator=(Reverification&&) noexcept;
  ~Reverification();

  // What is left to do needs.
  sandbox::Needs needs() const;
  // Call once, in a process of one thread.
  Result<Outcome> run();

 private:
  struct State;
  explicit Reverification(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace leakfs::build
