// SPDX-License-Identifier: GPL-3.0-or-later
// A record, with comments behind NUL bytes.
#include "index/dkim/key_record.h"

#include <algorithm>

#include "index/base/utf8.h"
#include "index/dkim/keyring.h"
#include "index/dkim/zone_line.h"
#include "tests/fuzz/target.h"

using leakfs::Bytes;
using leakfs::fuzz::require;
namespace crypto = leakfs::crypto;
namespace dkim = leakfs::dkim;

namespace {

void check(const dkim::KeyRecord& record) {
  require((record.state == dkim::KeyRecord::State::usable) == record.key.has_value(),
          "a usable record has a key");
  require((record.state == dkim::KeyRecord::State::malformed) == !record.flaw.empty(),
          "a malformed record says why");
  require(leakfs::to_valid_utf8(record.text) == record.text, "the text can be shown");
  if (!record.key) return;
  const crypto::Digest digest = crypto::sha256("text");
  const int bits = record.key->bits();
  require(bits >= 256 && bits <= 16'384, "a key has a length");
  const leakfs::ByteString forged(static_cast<std::size_t>(bits + 7) / 8, '\1');
  require(!record.key->verify(digest, crypto::DigestKind::sha256, forged), "nothing is forged");
}

// An index keeps its keys as lines of a key file.
void check_line(const dkim::KeyRecord& record) {
  dkim::Keyring keyring;
  std::vector<dkim::KeyFileProblem> problems;
  keyring.add(dkim::zone_line("sel", "example.org", record), "fuzz", problems);
  const auto again = keyring.find("sel", "example.org");
  require(again.size() == 1, "a record is one line");
  require(again[0].text == record.text, "the text comes back");
  require(again[0].state == record.state, "the state comes back");
  require(again[0].provenance == record.provenance, "the comment comes back");
  // The day itself may not: a comment loses its control characters, with which a day may end.
  require(again[0].compromised_since.has_value() == record.compromised_since.has_value(),
          "that it is compromised comes back");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes rest = leakfs::fuzz::bytes_of(data, size);
  const auto take = [&rest] {
    const Bytes piece = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
    return piece;
  };
  dkim::KeyRecord record = dkim::parse_key_record(take());
  while (!rest.empty()) {
    const Bytes comment = take();
    const bool is_dated = dkim::add_provenance(record, comment);
    require(is_dated || record.compromised_since, "a date that cannot be read is the worst");
    require(!dkim::mentions_compromise(comment) || record.compromised_since, "no word is missed");
  }
  check(record);
  check_line(record);
  return 0;
}
