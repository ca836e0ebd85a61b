// SPDX-License-Identifier: GPL-3.0-or-later
// The least that a verification costs: two hashes and one RSA operation, all made ready before.
#pragma once

#include <memory>

#include "index/base/bytes.h"
#include "tests/bench/verify/message.h"

namespace leakfs::bench {

class Openssl {
 public:
  // `public_key` is a SubjectPublicKeyInfo.
  explicit Openssl(Bytes public_key);
  ~Openssl();
  Openssl(const Openssl&) = delete;
  Openssl& operator=(const Openssl&) = delete;

  bool verify(const SignedMessage& message);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace leakfs::bench
