// SPDX-License-Identifier: GPL-3.0-or-later
// Gives a draft the bytes that earn exactly one verdict: signs what was sent, then does to it what
// the verdict says was done. So the truth holds by construction, not because a verifier said so.
#pragma once

#include <string>
#include <vector>

#include "index/base/bytes.h"
#include "index/dkim/report.h"
#include "tools/sample/draft.h"
#include "tools/sample/keys.h"

namespace leakfs::sample {

struct SealedMessage {
  ByteString bytes;                  // with CRLF, from Return-Path to the end of the body
  std::vector<std::string> domains;  // d= of the signatures that make it verified, sorted
};

// Whatever the reason, the message has the draft's people, date and subject.
SealedMessage seal(const Draft& draft, dkim::Reason reason, const KeyChain& keys);

}  // namespace leakfs::sample
