// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/verify.h"

#include "index/dkim/examine.h"
#include "index/dkim/judge.h"

namespace leakfs::dkim {

Report verify(Bytes message, const mail::Header& header, std::optional<UnixTime> date,
              const Keyring& keyring) {
  if (!has_signatures(header)) return {};
  const Examination examination(message, header, date);
  MessageFacts facts = examination.facts();
  Report report{.arc = facts.arc, .is_cut = facts.is_cut};
  for (std::size_t i = 0; i < facts.signatures.size(); ++i) {
    SignatureReport signature = judge_signature(facts.signatures[i], keyring);
    if (!fits(signature)) {
      examination.repair(facts, i);
      signature = judge_signature(facts.signatures[i], keyring);
    }
    report.signatures.push_back(std::move(signature));
  }
  conclude(report);
  return report;
}

}  // namespace leakfs::dkim
