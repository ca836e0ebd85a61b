// SPDX-License-Identifier: GPL-3.0-or-later
// The first byte is the seed of how the rest is cut.
#include "index/dkim/canonical.h"

#include <algorithm>
#include <array>

#include "index/dkim/body_canonicalizer.h"
#include "index/mail/header.h"
#include "tests/fuzz/target.h"
#include "tools/sample/random.h"

using leakfs::Bytes;
using leakfs::ByteString;
using leakfs::fuzz::require;
namespace crypto = leakfs::crypto;
namespace dkim = leakfs::dkim;
namespace mail = leakfs::mail;
using dkim::Canonicalization;

namespace {

constexpr std::array all = {Canonicalization::simple, Canonicalization::relaxed,
                            Canonicalization::nofws};

class StringSink final : public dkim::BodySink {
 public:
  void add(Bytes canonical) override { text += canonical; }

  ByteString text;
};

ByteString canonical_body(Bytes body, Canonicalization how) {
  ByteString out;
  dkim::append_body(out, body, how);
  return out;
}

ByteString in_chunks(Bytes body, Canonicalization how, leakfs::sample::Random random) {
  StringSink sink;
  dkim::BodyCanonicalizer canonicalizer(how, sink);
  while (!body.empty()) {
    const Bytes chunk = body.substr(0, random.skewed_below(4096));
    canonicalizer.add(chunk);
    body.remove_prefix(chunk.size());
  }
  canonicalizer.finish();
  return sink.text;
}

void check_body(Bytes body, std::uint8_t seed) {
  std::vector<dkim::BodyHashRequest> requests;
  for (const Canonicalization how : all) {
    const ByteString canonical = canonical_body(body, how);
    require(canonical.empty() || canonical.ends_with("\r\n"), "the last line has its end");
    require(!dkim::has_bare_lf(canonical), "every line has its end");
    require(in_chunks(body, how, leakfs::sample::Random(seed)) == canonical, "cuts do not matter");
    require(canonical_body(canonical, how) == canonical, "what is canonical stays so");
    require(dkim::is_blank(body, how) == (canonical.size() <= 2), "a blank body has no text");
    crypto::Hasher hasher(crypto::DigestKind::sha256);
    dkim::feed_body(hasher, body, how);
    require(hasher.finish() == crypto::sha256(canonical), "the same goes into a hash");
    requests.push_back({.how = how});
    requests.push_back({.how = how, .length_max = seed});
  }
  const std::vector<dkim::BodyDigest> digests = dkim::hash_bodies(body, requests);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const ByteString canonical = canonical_body(body, requests[i].how);
    const Bytes hashed = Bytes(canonical).substr(
        0, std::min<std::uint64_t>(requests[i].length_max, canonical.size()));
    require(digests[i].digest == crypto::sha256(hashed), "each request has its hash");
    require(digests[i].hashed == hashed.size(), "what was hashed is counted");
    require(digests[i].size == canonical.size(), "what there was is counted");
  }
}

void check_header(Bytes text) {
  for (const mail::Field& field : mail::parse_header(text).fields) {
    for (const Canonicalization how : all) {
      ByteString canonical;
      dkim::append_header(canonical, field.raw, how);
      ByteString again;
      dkim::append_header(again, canonical, how);
      require(again == canonical, "a canonical field stays so");
      require(canonical.ends_with("\r\n"), "a field ends its line");
      require(how == Canonicalization::simple || canonical.find('\n') == canonical.size() - 1,
              "a field is unfolded");
    }
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes text = leakfs::fuzz::bytes_of(data + 1, size - 1);
  check_body(text, data[0]);
  check_header(text);
  bool has_bare_lf = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    has_bare_lf = has_bare_lf || (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'));
  }
  require(dkim::has_bare_lf(text) == has_bare_lf, "a bare LF is found");
  return 0;
}
