// SPDX-License-Identifier: GPL-3.0-or-later
// From facts and keys to a verdict; leakfs-verdict(7) has the table of reasons. The facts are all
// that is needed, so a message can be judged again without its bytes.
#pragma once

#include "index/dkim/facts.h"
#include "index/dkim/keyring.h"
#include "index/dkim/report.h"

namespace leakfs::dkim {

// One signature by itself. Chains of ARC are left to judge().
SignatureReport judge_signature(SignatureFacts facts, const Keyring& keyring);

// The record of the keyring that a signature was judged with; null if none could be used.
const KeyRecord* used_record(const SignatureReport& signature, const Keyring& keyring);

// Whether the signature fits, whatever else may be wrong with it; if not, a repair may help.
bool fits(const SignatureReport& signature);

// Sets status, reason, domains and flags of the message from its signatures and its chain.
void conclude(Report& report);

// The whole report of a message.
Report judge(MessageFacts facts, const Keyring& keyring);

}  // namespace leakfs::dkim
