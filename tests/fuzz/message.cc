// SPDX-License-Identifier: GPL-3.0-or-later
// A whole message, with the keys of those that the RFCs print.
#include <algorithm>

#include "index/dkim/examine.h"
#include "index/dkim/judge.h"
#include "index/dkim/verify.h"
#include "tests/fuzz/target.h"

using leakfs::Bytes;
using leakfs::ByteString;
using leakfs::fuzz::require;
namespace crypto = leakfs::crypto;
namespace dkim = leakfs::dkim;
namespace mail = leakfs::mail;

namespace {

// RFC 6376 Appendix C, RFC 8463 Appendix A.2; the last is revoked.
constexpr Bytes zone =
    "brisbane._domainkey.example.com v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
    "KBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v"
    "/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB\n"
    "brisbane._domainkey.football.example.com v=DKIM1; k=ed25519; "
    "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
    "old._domainkey.example.org v=DKIM1; p=\n";

const dkim::Keyring& keyring() {
  static const dkim::Keyring loaded = [] {
    dkim::Keyring keys;
    std::vector<dkim::KeyFileProblem> problems;
    keys.add(zone, "fuzz", problems);
    require(problems.empty(), "the keys can be read");
    return keys;
  }();
  return loaded;
}

void check_forms(const dkim::Examination& examination, const dkim::MessageFacts& facts) {
  for (std::size_t i = 0; i < facts.signatures.size(); ++i) {
    const dkim::SignatureFacts& signature = facts.signatures[i];
    require(signature.forms.size() <= dkim::forms_max, "forms have a limit");
    if (signature.is_malformed) continue;
    require(!signature.forms.empty(), "a signature is over something");
    const bool is_sha1 = signature.algorithm == "rsa-sha1";
    for (const dkim::SignedForm& form : signature.forms) {
      const ByteString input = examination.signed_bytes(facts, i, form.digest);
      crypto::Hasher hasher(is_sha1 ? crypto::DigestKind::sha1 : crypto::DigestKind::sha256);
      hasher.add(input);
      require(hasher.finish() == form.digest, "the bytes that are signed can be shown");
    }
  }
}

void check(const dkim::Report& report) {
  require((report.status == dkim::Status::verified) == (report.reason == dkim::Reason::none),
          "verified or a reason why not");
  require(std::ranges::any_of(report.signatures,
                              [&report](const dkim::SignatureReport& signature) {
                                return signature.reason == report.reason;
                              }) ||
              report.reason == dkim::Reason::unsigned_,
          "a verdict is that of a signature");
  require((report.status == dkim::Status::verified) == !report.domains.empty(),
          "who verifies has a name");
  require(std::ranges::is_sorted(report.flags), "flags are sorted");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes message = leakfs::fuzz::bytes_of(data, size);
  const mail::Header header = mail::parse_header(message);
  const dkim::Report report = dkim::verify(message, header, 1'493'022'125, keyring());
  check(report);
  // Whoever has the facts comes to the same verdict.
  dkim::MessageFacts kept{.arc = report.arc, .is_cut = report.is_cut};
  for (const dkim::SignatureReport& signature : report.signatures) {
    kept.signatures.push_back(signature.facts);
  }
  const dkim::Report again = dkim::judge(kept, keyring());
  require(again.reason == report.reason && again.flags == report.flags, "facts are all it takes");

  const dkim::Examination examination(message, header, 1'493'022'125);
  dkim::MessageFacts facts = examination.facts();
  check_forms(examination, facts);
  for (std::size_t i = 0; i < facts.signatures.size(); ++i) examination.repair(facts, i);
  check_forms(examination, facts);
  return 0;
}
