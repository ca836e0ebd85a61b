// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/verify/opendkim.h"

#include <algorithm>

extern "C" {
#include <opendkim/dkim.h>
}

namespace leakfs::bench {
namespace {

// The library asks a function that has no closure.
Bytes answer;

DKIM_CBSTAT look_up(DKIM* /*message*/, DKIM_SIGINFO* /*signature*/, u_char* out, std::size_t room) {
  if (answer.size() >= room) return DKIM_CBSTAT_ERROR;
  *std::ranges::copy(answer, out).out = '\0';
  return DKIM_CBSTAT_CONTINUE;
}

}  // namespace

struct Opendkim::State {
  State() : library(dkim_init(nullptr, nullptr)) { dkim_set_key_lookup(library, look_up); }
  ~State() { dkim_close(library); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  DKIM_LIB* library;
};

Opendkim::Opendkim(Bytes record) : state_(std::make_unique<State>()) { answer = record; }
Opendkim::~Opendkim() = default;

bool Opendkim::verify(Bytes message) {
  DKIM_STAT status = DKIM_STAT_OK;
  DKIM* dkim =
      dkim_verify(state_->library, reinterpret_cast<const u_char*>("bench"), nullptr, &status);
  if (dkim == nullptr) return false;
  // It takes bytes to change, but changes none.
  auto* bytes = reinterpret_cast<u_char*>(const_cast<char*>(message.data()));
  status = dkim_chunk(dkim, bytes, message.size());
  if (status == DKIM_STAT_OK) status = dkim_chunk(dkim, nullptr, 0);
  if (status == DKIM_STAT_OK) status = dkim_eom(dkim, nullptr);
  dkim_free(dkim);
  return status == DKIM_STAT_OK;
}

}  // namespace leakfs::bench
