// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/keys.h"

#include <cassert>
#include <optional>

#include <fmt/format.h>

#include "index/mail/transfer.h"

namespace leakfs::sample {
namespace {

constexpr std::size_t string_size_max = 255;  // RFC 1035 §3.3.14
constexpr std::string_view first_seen = "2009-03";
constexpr std::string_view rotation = "2013-01";  // when the signing domains got longer keys
constexpr std::string_view last_seen = "2017-04";

UnixTime rotation_time() { return *to_unix({.year = 2013}); }

// Two families of keys, so that not all domains share one.
bool is_second_family(std::string_view domain) { return domain.size() % 2 != 0; }

struct RecordLine {
  std::string_view domain;
  std::string_view selector;
  std::string text;
  std::string provenance;
};

void append_record(ByteString& out, const RecordLine& record) {
  out += fmt::format("{}._domainkey.{}. IN TXT", record.selector, record.domain);
  for (std::size_t at = 0; at < record.text.size(); at += string_size_max) {
    out += fmt::format(" \"{}\"", record.text.substr(at, string_size_max));
  }
  out += fmt::format(" ; {} source=mkleaksample\n", record.provenance);
}

std::string record_text(const KeyChain& keys, TestKey key) {
  return fmt::format("v=DKIM1; k={}; p={}", key == TestKey::ed25519 ? "ed25519" : "rsa",
                     mail::encode_base64(keys.at(key).public_bytes()));
}

std::string seen(std::string_view from, std::string_view until) {
  return fmt::format("seen={}/{}", from, until);
}

void append_signing_domain(ByteString& out, std::string_view domain, const KeyChain& keys) {
  const UnixTime switched = rotation_time();
  const KeyUse before = key_in_use(domain, Standing::signing, switched - 1);
  const KeyUse after = key_in_use(domain, Standing::signing, switched);
  append_record(
      out, {domain, before.selector, record_text(keys, before.key), seen(first_seen, rotation)});
  append_record(out,
                {domain, after.selector, record_text(keys, after.key), seen(rotation, last_seen)});
  append_record(out, {domain, ed25519_key().selector, record_text(keys, ed25519_key().key),
                      seen("2016-01", last_seen)});
}

void append_domain(ByteString& out, const Domain& domain, const KeyChain& keys) {
  const KeyUse use = key_in_use(domain.name, domain.standing, rotation_time());
  const std::string always = seen(first_seen, last_seen);
  switch (domain.standing) {
    case Standing::signing:
      append_signing_domain(out, domain.name, keys);
      return;
    case Standing::weak:
      append_record(out, {domain.name, use.selector, record_text(keys, use.key), always});
      return;
    case Standing::compromised:
      append_record(out, {domain.name, use.selector, record_text(keys, use.key),
                          always + " compromised-since=2016-09-01"});
      return;
    case Standing::revoked:
      append_record(out, {domain.name, use.selector, "v=DKIM1; k=rsa; p=", always});
      return;
    case Standing::plain:
    case Standing::unlisted:
      return;
  }
}

}  // namespace

KeyUse key_in_use(std::string_view domain, Standing standing, UnixTime date) {
  switch (standing) {
    case Standing::weak:
      if (is_second_family(domain)) return {"s768", TestKey::rsa_768};
      return {"s512", TestKey::rsa_512};
    case Standing::compromised:
      return {"mail2010", TestKey::rsa_1024_leaked};
    case Standing::revoked:
      return {"old", TestKey::rsa_1024_b};
    case Standing::unlisted:
      if (date < rotation_time()) return {"beta", TestKey::rsa_1024_a};
      return {"20120113", TestKey::rsa_2048_a};
    case Standing::signing:
    case Standing::plain:
      break;
  }
  if (date < rotation_time()) {
    return {"k2009", is_second_family(domain) ? TestKey::rsa_1024_b : TestKey::rsa_1024_a};
  }
  return {"k2013", is_second_family(domain) ? TestKey::rsa_2048_b : TestKey::rsa_2048_a};
}

KeyUse ed25519_key() { return {"ed2016", TestKey::ed25519}; }

KeyUse lost_key() { return {"tmp7", TestKey::rsa_1024_a}; }

KeyChain::KeyChain() {
  for (std::size_t i = 0; i < test_keys; ++i) {
    std::optional<crypto::PrivateKey> key =
        crypto::PrivateKey::from_pem(test_key_pem(static_cast<TestKey>(i)));
    assert(key);
    keys_.push_back(*std::move(key));
  }
}

ByteString key_file(const KeyChain& keys) {
  ByteString out =
      "; Public keys of a synthetic leak made by mkleaksample(1). They are published with their\n"
      "; private halves and prove nothing about real mail.\n";
  for (const Domain& domain : domains()) append_domain(out, domain, keys);
  append_signing_domain(out, mailer_domain, keys);
  append_signing_domain(out, list_domain, keys);
  return out;
}

}  // namespace leakfs::sample
