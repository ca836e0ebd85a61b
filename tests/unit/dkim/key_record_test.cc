// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 6376 §3.6.1, with the key of its Appendix C and that of RFC 8463 Appendix A.
#include "index/dkim/key_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/dkim/keyring.h"
#include "index/dkim/zone_line.h"
#include "index/mail/transfer.h"

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

// "openssl genrsa -3 512", then "openssl rsa -pubout" and "-RSAPublicKey_out".
constexpr std::string_view exponent_3_spki =
    "MFowDQYJKoZIhvcNAQEBBQADSQAwRgJBANCpsfy468uPrY07RhObJQm8h+XFH7me"
    "i46goigDNdog3pxMAWam/Thj0wRXpuyECIBXW4TtQiLfoOteDBVJrgUCAQM=";
constexpr std::string_view exponent_3_pkcs1 =
    "MEYCQQDQqbH8uOvLj62NO0YTmyUJvIflxR+5nouOoKIoAzXaIN6cTAFmpv04Y9ME"
    "V6bshAiAV1uE7UIi36DrXgwVSa4FAgED";
// "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_pubexp:4294967297"
constexpr std::string_view exponent_33_bits =
    "MIGhMA0GCSqGSIb3DQEBAQUAA4GPADCBiwKBgQCUTnzoGzxJ4YW0Svr5xWmlKb5z"
    "gXIHKzCfppaw69cxemK0Nt9DNH6RtAYDyteDWVJQ1DO57/O7cw7jwIM5AvJKWNdN"
    "dzFeZU+pZKvQLMsT/LYUq6eCiLn1M2+VxaZKvknoX4ynkuoS5srNKravs2pmF/ek"
    "EhDh1AYvFgznqdoHqQIFAQAAAAE=";
// "openssl ecparam -name prime256v1 -genkey" and "openssl genpkey -algorithm RSA-PSS"
constexpr std::string_view ecdsa =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEceGbbgk4tLmeHzDc3dx4UR8g8YAU"
    "JmZg0XTtVO06zbtr2DHxkSpRQxbiHMu7ZvptKf7AFMwjOxvT3MxOvdKobQ==";
constexpr std::string_view rsa_pss =
    "MFowCwYJKoZIhvcNAQEKA0sAMEgCQQCqQOxXjCeCKbj7yikhHIjaXNI2Y8S8WqQM"
    "ajRzMad+BU//ef9d75SOCOFiQlqDfZDVV1IZLd44bJkEbe7dMnsfAgMBAAE=";

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
TEST(KeyRecord, AnRsaKeyMayHaveAnyExponent) {
  struct Case {
    std::string_view key;
    std::string_view signature;  // of "leaked mail", by "openssl dgst -sha256 -sign"
  };
  constexpr std::string_view by_3 =
      "rcVRU9rBGxIRdWf9fgrs/LvogcWIh0UX1oU3vjDREPGNFT2ths1oIOVFDiB3lnaKBYqzMnJY"
      "EpUU8u8j3gLJgg==";
  constexpr std::string_view by_33_bits =
      "WG3JoH8/zD57ELM7PLBzGSyJuJ9S400VmAK8W3ARmgGZO5L9b1FTf185FIw98NJH4LBj9l+a"
      "k979Zx0UWu+w1gTUZckL0p4nCU/BpRitSWS9wY3WKh//U+yg+k+uKAD0TyfjHD61kJrVnD6u"
      "Ity9/T02RwwD/1tuY+URg+gzRWg=";
  crypto::Hasher hasher(crypto::DigestKind::sha256);
  hasher.add("leaked mail");
  const crypto::Digest digest = hasher.finish();
  for (const Case& c : {Case{exponent_3_spki, by_3}, Case{exponent_3_pkcs1, by_3},
                        Case{exponent_33_bits, by_33_bits}}) {
    const KeyRecord record = record_of("k=rsa; ", c.key);
    ASSERT_EQ(record.state, State::usable) << record.flaw;
    EXPECT_TRUE(
        record.key->verify(digest, crypto::DigestKind::sha256, mail::decode_base64(c.signature)));
  }
}
// A PKCS#1 key of so many bits, as far as its form goes.
std::string key_of_bits(std::size_t bits) {
  const auto length = [](std::size_t n) {
    return std::string{'\x82', static_cast<char>(n >> 8), static_cast<char>(n)};
  };
  const std::size_t size = (bits + 7) / 8;
  std::string modulus(size + 1, '\xff');
  modulus[0] = '\0';
  modulus[1] = static_cast<char>(0xff >> (8 * size - bits));
  const std::string numbers = "\x02" + length(modulus.size()) + modulus + "\x02\x01\x03";
  return mail::encode_base64("\x30" + length(numbers.size()) + numbers);
}
TEST(KeyRecord, AnRsaKeyHas512To16384Bits) {
  EXPECT_EQ(state_of("", key_of_bits(512)), State::usable);
  EXPECT_EQ(state_of("", key_of_bits(16384)), State::usable);
  for (const std::size_t bits : {511U, 16385U}) {
    EXPECT_EQ(record_of("", key_of_bits(bits)).flaw, "p= is no RSA key of 512 to 16384 bits");
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
  EXPECT_EQ(record_of("v=DKIM\x1b; ", spki).flaw, "v=DKIM\xef\xbf\xbd is not v=DKIM1");
}
// "This tag MUST be the first tag in the record."
TEST(KeyRecord, TheVersionStandsFirstOrNowhere) {
  EXPECT_EQ(state_of(" v = DKIM1 ;k=rsa;", spki), State::usable);
  EXPECT_EQ(record_of("k=rsa; v=DKIM1; ", spki).flaw, "v= is not the first tag");
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
  EXPECT_EQ(state_of("p==="), State::malformed);
  EXPECT_EQ(state_of("p=foobar"), State::malformed);
  EXPECT_EQ(state_of("", spki.substr(0, spki.size() - 8)), State::malformed);
  EXPECT_EQ(state_of("p=AA; ", spki), State::malformed);
}
// §6.1.2: what does not adhere to the syntax is an error; skipping what is no base64 would make a
// key of it that nobody published.
TEST(KeyRecord, NothingButWhiteSpaceStandsWithinTheBase64) {
  EXPECT_EQ(state_of("", std::string(spki).insert(99, " ")), State::usable);
  for (const char junk : {'-', '"', '\\', '.', '=', '\0', '\xa0'}) {
    EXPECT_EQ(record_of("", std::string(spki).insert(99, 1, junk)).flaw, "p= is no base64") << junk;
  }
  EXPECT_EQ(record_of("", std::string(spki) + "A").flaw, "p= is no base64");
}
TEST(KeyRecord, ThePaddingMayBeLeftOutButNotBeLonger) {
  const std::string_view bare = pkcs1.substr(0, pkcs1.size() - 1);
  EXPECT_EQ(state_of("", bare), State::usable);
  EXPECT_EQ(state_of("", std::string(bare) + " = ="), State::usable);
  EXPECT_EQ(state_of("", std::string(bare) + "==="), State::malformed);
}
TEST(KeyRecord, AKeyOfAnotherKindThanNamedIsMalformed) {
  EXPECT_EQ(state_of("k=ed25519; ", spki), State::malformed);
  EXPECT_EQ(state_of("k=rsa; ", ed25519_spki), State::malformed);
  EXPECT_EQ(state_of("", ed25519_raw), State::malformed);
  EXPECT_EQ(state_of("", ecdsa), State::malformed);
  EXPECT_EQ(state_of("", rsa_pss), State::malformed);
  EXPECT_EQ(state_of("k=ed25519; ", ed25519_raw.substr(0, 40)), State::malformed);
}
// "Unrecognized key types MUST be ignored."
TEST(KeyRecord, AKeyOfAnUnknownKindIsNotUsed) {
  EXPECT_EQ(record_of("k=dsa; ", spki).flaw, "k=dsa is no known kind of key");
  EXPECT_FALSE(record_of("k=dsa; ", spki).key);
  EXPECT_EQ(state_of("k=RSA; ", spki), State::usable);
}
TEST(KeyRecord, AnEmptyTagStandsForItsDefault) {
  const KeyRecord record = record_of("h=; k=; n=; s=; t=; ", spki);
  EXPECT_EQ(record.state, State::usable);
  EXPECT_THAT(record.hash_algorithms, IsEmpty());
  EXPECT_TRUE(record.is_for_email);
  EXPECT_FALSE(record.is_testing);
}
TEST(KeyRecord, AListWithATagTwiceIsMalformed) {
  EXPECT_EQ(record_of("p=; ", spki).flaw, "it is no list of tags");
  EXPECT_EQ(record_of("k=rsa; k=rsa; ", spki).flaw, "it is no list of tags");
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
// "Unrecognized tags MUST be ignored" (§3.2).
TEST(KeyRecord, OtherTagsAreIgnored) {
  EXPECT_EQ(state_of("v=DKIM1; n=a note; q=x; ", spki), State::usable);
}
TEST(KeyRecord, GranularityIsKeptAndMakesNoKeyUnusable) {
  EXPECT_EQ(record_of("", spki).granularity, std::nullopt);
  EXPECT_EQ(record_of("g=; ", spki).granularity, "");
  EXPECT_EQ(record_of("g= news-* ; ", spki).granularity, "news-*");
  EXPECT_EQ(state_of("v=DKIM1; g=; ", spki), State::usable);
}

bool allows(const std::string& tags, std::string_view local_part) {
  return record_of(tags, spki).allows_local_part(local_part);
}
// RFC 4870 §3.2.3: "If present with a non-zero length value".
TEST(Granularity, WithoutAValueAllLocalPartsAreAllowed) {
  EXPECT_TRUE(allows("", "alice"));
  EXPECT_TRUE(allows("g=; ", "alice"));
  EXPECT_TRUE(allows("g=*; ", "alice"));
  EXPECT_TRUE(allows("g=*; ", ""));
}
TEST(Granularity, AValueAllowsItselfWithCase) {
  EXPECT_TRUE(allows("g=alice; ", "alice"));
  EXPECT_FALSE(allows("g=alice; ", "Alice"));
  EXPECT_FALSE(allows("g=alice; ", "alice2"));
  EXPECT_FALSE(allows("g=alice; ", ""));
}
// RFC 4871 §3.6.1: "a single, optional '*' character matching a sequence of zero or more".
TEST(Granularity, AStarStandsForAnything) {
  EXPECT_TRUE(allows("g=user+*; ", "user+"));
  EXPECT_TRUE(allows("g=user+*; ", "user+news"));
  EXPECT_FALSE(allows("g=user+*; ", "user"));
  EXPECT_TRUE(allows("g=*-bounce; ", "list-bounce"));
  EXPECT_TRUE(allows("g=a*a; ", "aa"));
  EXPECT_FALSE(allows("g=a*a; ", "a"));
}
TEST(KeyRecord, ItsTextIsUtf8WhateverItWas) {
  EXPECT_EQ(parse_key_record("n=\xff; p=").text, "n=\xef\xbf\xbd; p=");
}

struct Noted {
  KeyRecord record;
  bool is_dated = false;
};
Noted noted(Bytes comment) {
  Noted noted;
  noted.is_dated = add_provenance(noted.record, comment);
  return noted;
}

TEST(Provenance, ADayAMonthOrAYearTellsWhenTheKeyBecamePublic) {
  const Noted full = noted(" seen=2012-01/2016-10 compromised-since=2020-01-01 source=x\r");
  EXPECT_TRUE(full.is_dated);
  EXPECT_EQ(full.record.provenance, "seen=2012-01/2016-10 compromised-since=2020-01-01 source=x");
  EXPECT_EQ(full.record.compromised_since, 1577836800);
  EXPECT_EQ(noted("compromised-since=2020-02").record.compromised_since, 1580515200);
  EXPECT_EQ(noted("compromised-since=2020;source=x").record.compromised_since, 1577836800);
}
TEST(Provenance, ADateThatCannotBeReadCountsAsTheFirstAndIsSaid) {
  for (const std::string_view date :
       {"=long ago", "=", "", ": 2020-01-01", " 2020", "=2020-1-1", "=2020-13-01", "=2020-02-30",
        "=20200101", "=2020/01/01", "=2020-01-01T00:00", "=2020-01-01,", "=+202-01-01",
        "=2020-01-01x", "=0001-01-01", "=2106-01-01", "=2020-01-", "=\"2020-01-01\""}) {
    const Noted bad = noted("compromised-since" + std::string(date));
    EXPECT_EQ(bad.record.compromised_since, time_min) << date;
    EXPECT_FALSE(bad.is_dated) << date;
  }
}
TEST(Provenance, TheWordIsFoundWhereverAndHoweverItIsWritten) {
  EXPECT_EQ(noted("key leaked;Compromised-Since=2020").record.compromised_since, 1577836800);
  EXPECT_TRUE(mentions_compromise("Compromised-Since"));
  EXPECT_FALSE(mentions_compromise("seen=2012-01/2016-10"));
}
TEST(Provenance, OfTwoDatesTheEarlierCounts) {
  EXPECT_EQ(noted("compromised-since=2021 compromised-since=2020").record.compromised_since,
            1577836800);
  EXPECT_FALSE(noted("compromised-since=soon compromised-since=2020").is_dated);
}
TEST(Provenance, WithoutThatWordTheKeyIsNotPublic) {
  EXPECT_FALSE(noted("seen=2012-01").record.compromised_since);
  EXPECT_TRUE(noted("seen=2012-01").is_dated);
}
TEST(Provenance, CommentsFollowEachOther) {
  KeyRecord record;
  add_provenance(record, " source=a ");
  add_provenance(record, "");
  add_provenance(record, " source=b");
  EXPECT_EQ(record.provenance, "source=a; source=b");
}
TEST(Provenance, ItIsOneLineThatIsSafeOnATerminal) {
  EXPECT_EQ(noted("a\tb\x1b[31m\xff").record.provenance, "a b\xef\xbf\xbd[31m\xef\xbf\xbd");
}

// An index keeps its keys as lines, from which a stolen key has to come back as one.
TEST(Provenance, BehindTwoSemicolonsItIsKeptWhereItNamesATheft) {
  KeyRecord record = parse_key_record("v=DKIM1; p=");
  add_provenance(record, "; compromised-since=2020-01-01");
  ASSERT_TRUE(record.compromised_since);
  Keyring keyring;
  std::vector<KeyFileProblem> problems;
  keyring.add(zone_line("s", "example.org", record), "test", problems);
  ASSERT_EQ(keyring.find("s", "example.org").size(), 1U);
  EXPECT_EQ(keyring.find("s", "example.org")[0].compromised_since, record.compromised_since);
}

}  // namespace
}  // namespace leakfs::dkim
