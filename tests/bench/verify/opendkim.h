// SPDX-License-Identifier: GPL-3.0-or-later
// The verifier that most mail servers run. Its keys come from memory, not from DNS, but as text: it
// decodes a key for each message, since a server seldom sees the same one twice in a row.
#pragma once

#include <memory>

#include "index/base/bytes.h"

namespace leakfs::bench {

class Opendkim {
 public:
  // `record` is the answer to each question for a key, and has to outlive this.
  explicit Opendkim(Bytes record);
  ~Opendkim();
  Opendkim(const Opendkim&) = delete;
  Opendkim& operator=(const Opendkim&) = delete;

  bool verify(Bytes message);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace leakfs::bench
