// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/readme.h"

#include <fmt/format.h>

#include "index/base/utf8.h"

namespace leakfs::build {
namespace {

constexpr const char* guide = R"(
WHERE TO LOOK
  by-date/2017/04/24/          one .txt per message, by UTC day
  by-sender/alice@example.org/ by the address in From
  by-status/verified/DOMAIN/   by the domain whose key verified a signature
  by-status/unverified/REASON/ by the reason why none did
  by-id/                       by the start of the SHA-256 of the message
  eml/by-.../                  the same folders with the exact bytes of each message
  attachments/by-type/pdf/     the attachments, decoded, by extension; by-date, by-sender and
                               by-status there are as above
  archive/                     the archive's own tree, every member as stored
  evidence/                    what checks a signature again with openssl alone
  catalog/                     messages.csv and other tables; SHA256SUMS

HOW TO SEARCH
  grep -rl 'budget' by-date    (not from the root: it holds every message many times)
  find by-date -newermt 2017-04-01 -name '*alice*'
  find attachments/by-date -samefile FILE   who else sent this attachment, byte for byte
  sha256sum -c catalog/SHA256SUMS   proves that every byte is as it was indexed

HOW TO READ A VERDICT
  "verified" means: a key of the named domain, published in the DNS at the time, signed this From
  line and this whole body, and neither has changed since. It does not prove who typed the message.
  "unverified" means only that this could not be shown; the reason says why:
    arc-attested     a receiver, named in the message, vouches for a signature that it found good
    body-altered     the signed header is intact, the body is not as it was signed
    partial-body     good, but the signature leaves the end of the body out
    weak-key         good, but the key is so short that others can compute it
    key-compromised  good, but the private key is public
    from-unsigned    good, but it does not cover the sender
    key-missing      nothing contradicts the signature, but no key is on file
    key-revoked      the same, and the key on file was withdrawn
    headers-altered  the body is as it was signed, the header is not
    altered          the body, or the whole, is not as it was signed
    malformed        there is a signature, but it cannot be read
    unsigned         there is no signature, as in most mail before 2012
  Flags in catalog/messages.csv say more: "repaired:..." is what storing and exporting did and had to
  be undone, "extra-subject" that the Subject you see is not the signed one. leakfs-verdict(7)
  explains every word; catalog/missing-keys.csv lists the keys that would help.
)";

}  // namespace

std::string readme(const std::vector<std::string>& inputs, const Counts& counts) {
  std::string text = "This folder shows the mail of ";
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    text += (i == 0 ? "" : ", ") + one_line(inputs[i]);
  }
  text += ", read-only. Nothing here can change it.\n\n";
  text +=
      fmt::format("{:>9} messages ({} places in the archive)\n", counts.messages, counts.sources);
  text += fmt::format("{:>9} attachments\n", counts.attachments);
  text += fmt::format("{:>9} senders\n", counts.senders);
  if (counts.first) {
    text += fmt::format("          {} to {}\n", format_iso(*counts.first).substr(0, 10),
                        format_iso(*counts.last).substr(0, 10));
  }
  text += fmt::format("{:>9} verified\n", counts.verified);
  text += fmt::format("{:>9} unverified\n", counts.messages - counts.verified);
  for (const auto& [reason, count] : counts.reasons) {
    text += fmt::format("{:>17} {}\n", count, reason);
  }
  return text + guide;
}

std::string errors(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!problem.is_loss) continue;
    const std::string place =
        problem.kind == "keys" ? "" : fmt::format(", byte {}", problem.offset);
    text += fmt::format("{}{}: {}: {}\n", one_line(problem.source), place, problem.kind,
                        one_line(problem.detail));
  }
  if (text.empty()) return text;
  return "Not everything that was to be read could be. What is missing, and why:\n\n" + text;
}

}  // namespace leakfs::build
