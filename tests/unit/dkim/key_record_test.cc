// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 6376 §3.6.1, with the key of its Appendix C and that of RFC 8463 Appendix A.
#include "index/dkim/key_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leakfs::dkim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using State = KeyRecord::State;

// The same RSA key as SubjectPublicKeyInfo and as RSAPublicKey; "openssl rsa -RSAPublicKey_out"
// makes the second of the first.
constexpr std::string_view spki =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7"
    "/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gb"
    "to/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB";
constexpr std::string_view pkcs1 =
    "MIGJAoGBAPAhE/9QLdIGwSYapn1klbf8OQygZ4udCDV9afv/Ni0jE3ZKcUKPE4Iob2/dviNh9xM2"
    "HmKNKyrrfW4Ei0truh36/9G10LZTMnWVZP3jupH5FxpzaBu2j80yonR/N9WMfg64qGK11j21/qZz"
    "AaNo0FxZOggyY9I8N1A81RhyRxDZAgMBAAE=";
// RFC 8463 §4 publishes the 32 bytes alone; some publish a SubjectPublicKeyInfo around them.
constexpr std::string_view ed25519_raw = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
constexpr std::string_view ed25519_spki =
    "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

State state_of(Bytes text) { return parse_key_record(text).state; }

// The record with that key behind other tags.
KeyRecord record_of(const std::string& tags, std::string_view key) {
  return parse_key_record((tags + "p=").append(key));
}
State state_of(const std::string& tags, std::string_view key) { return record_of(tags, key).state; }

TEST(KeyRecord, AnRsaKeyMayBeWrittenInBothForms) {
  for (const std::string_view form : {spki, pkcs1}) {
    const KeyRecord record = record_of("v=DKIM1; k=rsa; ", form);
    ASSERT_EQ(record.state, State::usable) << form;
    EXPECT_EQ(record.key->kind(), crypto::KeyKind::rsa);
    EXPECT_EQ(record.key->bits(), 1024);
  }
}
TEST(KeyRecord, AnEd25519KeyMayBeWrittenInBothForms) {
  for (const std::string_view form : {ed25519_raw, ed25519_spki}) {
    const KeyRecord record = record_of("v=DKIM1; k=ed25519; ", form);
    ASSERT_EQ(record.state, State::usable) << form;
    EXPECT_EQ(record.key->kind(), crypto::KeyKind::ed25519);
  }
}
TEST(KeyRecord, TheKeyAloneIsARecord) {
  const KeyRecord record = record_of("", spki);
  EXPECT_EQ(record.state, State::usable);
  EXPECT_THAT(record.hash_algorithms, IsEmpty());
  EXPECT_TRUE(record.is_for_email);
  EXPECT_FALSE(record.is_testing);
  EXPECT_FALSE(record.is_strict);
}
TEST(KeyRecord, TheKeyMayBeFolded) {
  EXPECT_EQ(state_of("", std::string(spki).insert(60, "\r\n\t ")), State::usable);
}
TEST(KeyRecord, AnotherVersionIsNone) {
  EXPECT_EQ(state_of("v=DKIM2; ", spki), State::malformed);
  EXPECT_EQ(state_of("v=dkim1; ", spki), State::malformed);
  EXPECT_EQ(state_of("v=; ", spki), State::malformed);
}
// "An empty value means that this public key has been revoked."
TEST(KeyRecord, AnEmptyKeyIsRevoked) {
  EXPECT_EQ(state_of("v=DKIM1; p="), State::revoked);
  EXPECT_EQ(state_of("v=DKIM1; p= \r\n\t; t=s"), State::revoked);
  EXPECT_EQ(state_of("v=DKIM1; k=ed25519; p="), State::revoked);
}
TEST(KeyRecord, WithoutAKeyItIsMalformedAndNotRevoked) {
  EXPECT_EQ(state_of("v=DKIM1; k=rsa"), State::malformed);
  EXPECT_EQ(state_of(""), State::malformed);
}
TEST(KeyRecord, AKeyThatIsNoKeyIsMalformed) {
  EXPECT_EQ(state_of("p=!!!"), State::malformed);
  EXPECT_EQ(state_of("p====="), State::malformed);
  EXPECT_EQ(state_of("p=foobar"), State::malformed);
  EXPECT_EQ(state_of("", spki.substr(0, spki.size() - 8)), State::malformed);
  EXPECT_EQ(state_of("p=AA; ", spki), State::malformed);
}
TEST(KeyRecord, AKeyOfAnotherKindThanNamedIsMalformed) {
  EXPECT_EQ(state_of("k=ed25519; ", spki), State::malformed);
  EXPECT_EQ(state_of("k=rsa; ", ed25519_spki), State::malformed);
  EXPECT_EQ(state_of("", ed25519_raw), State::malformed);
  EXPECT_EQ(state_of("k=dsa; ", spki), State::malformed);
}
TEST(KeyRecord, HashAlgorithmsAreAListWithoutCase) {
  EXPECT_THAT(record_of("h=SHA1 : sha256; ", spki).hash_algorithms, ElementsAre("sha1", "sha256"));
}
TEST(KeyRecord, ServicesSayWhetherItIsForMail) {
  EXPECT_TRUE(record_of("s=*; ", spki).is_for_email);
  EXPECT_TRUE(record_of("s=tlsrpt:email; ", spki).is_for_email);
  EXPECT_FALSE(record_of("s=tlsrpt; ", spki).is_for_email);
}
TEST(KeyRecord, FlagsAreTestingAndStrict) {
  EXPECT_TRUE(record_of("t=y:s; ", spki).is_testing);
  EXPECT_TRUE(record_of("t=y:s; ", spki).is_strict);
  EXPECT_FALSE(record_of("t=x; ", spki).is_testing);
}
// "Unrecognized tags MUST be ignored" (§3.2); g= is of RFC 4871.
TEST(KeyRecord, OtherTagsAreIgnored) {
  EXPECT_EQ(state_of("v=DKIM1; g=; n=a note; q=x; ", spki), State::usable);
}
TEST(KeyRecord, ItsTextIsUtf8WhateverItWas) {
  EXPECT_EQ(parse_key_record("n=\xff; p=").text, "n=\xef\xbf\xbd; p=");
}

TEST(Provenance, ADayAMonthOrAYearTellsWhenTheKeyBecamePublic) {
  KeyRecord record;
  set_provenance(record, " seen=2012-01/2016-10 compromised-since=2020-01-01 source=x");
  EXPECT_EQ(record.provenance, "seen=2012-01/2016-10 compromised-since=2020-01-01 source=x");
  EXPECT_EQ(record.compromised_since, 1577836800);
  set_provenance(record, "compromised-since=2020-02");
  EXPECT_EQ(record.compromised_since, 1580515200);
}
TEST(Provenance, ADateThatCannotBeReadCountsAsTheFirst) {
  KeyRecord record;
  set_provenance(record, "compromised-since=long ago");
  EXPECT_EQ(record.compromised_since, time_min);
}
TEST(Provenance, WithoutThatWordTheKeyIsNotPublic) {
  KeyRecord record;
  set_provenance(record, "seen=2012-01");
  EXPECT_FALSE(record.compromised_since);
}

}  // namespace
}  // namespace leakfs::dkim
