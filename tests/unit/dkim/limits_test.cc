// SPDX-License-Identifier: GPL-3.0-or-later
// Signatures, names, keys and chains that are larger or more than any real mail has: they are
// judged in bounded time, and what is beyond a limit is said.
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/dkim/arc_chain.h"

namespace leakfs::dkim {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

std::string times(std::size_t count, std::string_view text) {
  std::string whole;
  for (std::size_t i = 0; i < count; ++i) whole += text;
  return whole;
}

// A good signature of the letter, whose value (behind the colon) has that size.
std::string signature_of_size(std::size_t size) {
  constexpr std::string_view name = "DKIM-Signature:";
  const std::string hash = mail::encode_base64(crypto::sha256(letter_body).bytes());
  const std::string front = joined(
      {" v=1; a=rsa-sha256; d=example.org; s=s1; h=from:to:subject:date; bh=", hash, "; z="});
  constexpr std::string_view back = "; b=";
  constexpr std::size_t data_size = 172;  // 1024 bits in base64
  const std::string padding(size - front.size() - back.size() - data_size, 'x');
  const std::string start = joined({name, front, padding, back});
  return joined({start, signature_of(joined({letter_fields, start})), "\r\n"});
}

TEST(SignatureSize, IsAtMost64KiB) {
  EXPECT_EQ(judge(joined({signature_of_size(mail::field_size_max), letter})).status,
            Status::verified);
  for (const std::size_t size : {mail::field_size_max + 1, std::size_t{1'000'000}}) {
    const std::string large = signature_of_size(size);
    EXPECT_EQ(judge(joined({large, letter})).reason, Reason::malformed);
    const Report beside = judge(joined({large, signed_mail()}));
    EXPECT_EQ(beside.status, Status::verified);
    EXPECT_THAT(beside.flags, IsEmpty());
    ASSERT_EQ(beside.signatures.size(), 2U);
    EXPECT_EQ(beside.signatures[0].reason, Reason::malformed);
  }
}
TEST(SignatureSize, BeyondTheHeaderHidesWhatIsBelow) {
  const Report report = judge(joined({signature_of_size(2'000'000), signed_mail()}));
  EXPECT_EQ(report.reason, Reason::malformed);
  EXPECT_EQ(report.signatures.size(), 1U);
}
// Where the header is not looked at to its end there may be a second From.
TEST(HeaderSize, HasToBeSeenForTheSenderToBeTheOnlyOne) {
  const std::string large = joined({"X-Large: ", std::string(2'000'000, 'x'), "\r\n"});
  const std::string text = joined({letter_fields, large, "\r\n", letter_body});
  EXPECT_EQ(judge(signed_mail(text)).reason, Reason::from_unsigned);
}

TEST(SignatureCount, AboveSixteenIsAFlag) {
  const std::string good = sign(letter, key(), options());
  for (const std::size_t count : {std::size_t{16}, std::size_t{17}, std::size_t{1000}}) {
    const Report report = judge(joined({times(count, good), letter}));
    EXPECT_EQ(report.status, Status::verified) << count;
    EXPECT_EQ(report.is_cut, count > 16) << count;
    EXPECT_EQ(report.flags,
              count > 16 ? std::vector<std::string>{"signatures"} : std::vector<std::string>());
    EXPECT_EQ(report.signatures.size(), 16U);
  }
}
// They are beyond the fields that are looked at, and so is what they sign.
TEST(SignatureCount, OfTenThousandVerifiesNothing) {
  const std::string message = joined({times(10'000, sign(letter, key(), options())), letter});
  const Report report = judge(message);
  EXPECT_EQ(report.reason, Reason::headers_altered);
  EXPECT_EQ(report.signatures.size(), 16U);
  EXPECT_TRUE(report.is_cut);
  EXPECT_THAT(report.flags, Contains("signatures"));
  EXPECT_EQ(judge(message, "").reason, Reason::key_missing);
  for (const std::string_view name : {"DKIM-Signature", "DomainKey-Signature"}) {
    const Report broken = judge(joined({times(10'000, joined({name, ": v=1\r\n"})), letter}));
    EXPECT_EQ(broken.reason, Reason::malformed);
    EXPECT_THAT(broken.flags, ElementsAre("signatures"));
  }
}

TEST(SignedFields, AreAtMostTwoThousand) {
  const auto naming = [](std::size_t count, const std::string& name) {
    std::vector<std::string> names = {"from", "to", "subject", "date"};
    while (names.size() < count) names.push_back(name);
    return judge(signed_mail(letter, options(names)));
  };
  for (const std::string name : {"x", "from", "date", "dkim-signature"}) {
    EXPECT_EQ(naming(2000, name).status, Status::verified) << name;
    EXPECT_EQ(naming(2001, name).reason, Reason::malformed) << name;
    EXPECT_EQ(naming(10'000, name).reason, Reason::malformed) << name;
  }
}
TEST(SignedFields, OfDomainKeysAreAtMostTwoThousand) {
  const auto naming = [](std::size_t count) {
    const std::string start = joined({"DomainKey-Signature: d=example.org; s=s1; h=from",
                                      times(count - 1, ":received"), "; b="});
    std::string text = joined({times(1000, "Received: by mx.example.org\r\n"), letter});
    const std::string input =
        joined({"From: Alice <alice@example.org>\r\n",
                times(1000, "Received: by mx.example.org\r\n"), "\r\n", letter_body});
    return judge(joined({start, signature_of(input, crypto::DigestKind::sha1), "\r\n", text}));
  };
  EXPECT_EQ(naming(2).status, Status::verified);
  EXPECT_EQ(naming(2000).status, Status::verified);
  EXPECT_EQ(naming(2001).reason, Reason::malformed);
  EXPECT_EQ(naming(10'000).reason, Reason::malformed);
}

// A length in DER (X.690 §8.1.3), of 128 to 65,535 bytes.
std::string der(char tag, const std::string& content) {
  return std::string{tag, '\x82', static_cast<char>(content.size() >> 8),
                     static_cast<char>(content.size() & 0xff)} +
         content;
}
// RSAPublicKey (RFC 8017 A.1.1) with a modulus of ones, which nobody has the private key of.
std::string record_of_bits(std::size_t bits, const std::string& exponent) {
  std::string modulus(bits / 8, '\xff');
  if (bits % 8 > 0) modulus.insert(0, 1, static_cast<char>((1 << (bits % 8)) - 1));
  if (bits % 8 == 0) modulus.insert(0, 1, '\0');  // or it would be negative
  const std::string bytes = der('\x30', der('\x02', modulus) + exponent);
  return joined({"s1._domainkey.example.org. IN TXT \"p=", mail::encode_base64(bytes), "\"\n"});
}
const char* const usual_exponent = "\x02\x03\x01\x00\x01";

TEST(KeySize, IsAtMost16384Bits) {
  const std::string exponent(usual_exponent, 5);
  for (const std::size_t bits : {2048U, 16'384U}) {
    const Report report = judge(signed_mail(), record_of_bits(bits, exponent));
    EXPECT_EQ(report.reason, Reason::headers_altered);
    EXPECT_EQ(report.signatures.at(0).key, KeyState::found);
    EXPECT_EQ(report.signatures.at(0).key_bits, static_cast<int>(bits));
  }
  const Report larger = judge(signed_mail(), record_of_bits(16'385, exponent));
  EXPECT_EQ(larger.reason, Reason::key_missing);
  EXPECT_EQ(larger.signatures.at(0).key, KeyState::malformed);
  EXPECT_EQ(larger.signatures.at(0).result, Outcome::permerror);
}
TEST(KeySize, HoldsForSignaturesOfThatSize) {
  const std::string exponent(usual_exponent, 5);
  for (const char byte : {'\x00', '\x01', '\x7f', '\xff'}) {
    for (const std::size_t size : {1U, 2047U, 2048U, 2049U, 20'000U}) {
      const std::string field =
          joined({"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; h=from; bh=",
                  mail::encode_base64(crypto::sha256(letter_body).bytes()),
                  "; b=", mail::encode_base64(std::string(size, byte)), "\r\n"});
      EXPECT_EQ(judge(joined({field, letter}), record_of_bits(16'384, exponent)).reason,
                Reason::headers_altered);
    }
  }
}
TEST(KeySize, MayHaveAnExponentAsLarge) {
  const std::string exponent = der('\x02', std::string(1, '\x7f') + std::string(383, '\xff'));
  for (const std::size_t bits : {3073U, 16'384U}) {
    EXPECT_EQ(judge(signed_mail(), record_of_bits(bits, exponent)).status, Status::unverified);
  }
}
TEST(KeyCount, OfOneNameIsNotLimited) {
  std::string zone;
  for (int i = 0; i < 100; ++i) zone += record(other_key());
  EXPECT_EQ(judge(signed_mail(), zone).reason, Reason::headers_altered);
  EXPECT_EQ(judge(signed_mail(), zone + record(key())).status, Status::verified);
}

TEST(ArcCount, OfAHundredSetsIsNoChain) {
  ArcChainMail chain(letter);
  for (int i = 0; i < 100; ++i) chain.add();
  const Report report = judge(chain.text(), both_records());
  EXPECT_EQ(report.reason, Reason::unsigned_);
  EXPECT_FALSE(report.arc.is_well_formed);
  EXPECT_TRUE(report.is_cut);
  EXPECT_EQ(report.signatures.size(), std::size_t{2} * arc_sets_max);
  EXPECT_THAT(report.flags, ElementsAre("signatures"));
}
TEST(ArcCount, OfAHundredSetsHidesNoSignatureOfTheMail) {
  ArcChainMail chain(signed_mail());
  for (int i = 0; i < 100; ++i) chain.add();
  EXPECT_EQ(judge(chain.text(), both_records()).status, Status::verified);
}
// Each seal signs all that is below it.
TEST(ArcSize, OfFiftyLargeSetsIsAChain) {
  ArcChainMail chain(letter);
  for (unsigned i = 0; i < arc_sets_max; ++i) {
    chain.add({.results = "dkim=pass (" + std::string(15'000, 'x') + ")"});
  }
  EXPECT_EQ(judge(chain.text(), both_records()).reason, Reason::arc_attested);
}

TEST(BodyLength, MayBeAnyNumber) {
  for (const std::string_view length :
       {"26", "18446744073709551615", "18446744073709551616", "99999999999999999999999999999999"}) {
    const std::string message =
        replaced(signed_mail(), "h=from", joined({"l=", length, "; h=from"}));
    EXPECT_EQ(judge(message, "").reason, Reason::altered) << length;
  }
  for (const std::string_view length : {"", "-1", "+1", "1.5", "0x10", "1 2"}) {
    const std::string message =
        replaced(signed_mail(), "h=from", joined({"l=", length, "; h=from"}));
    EXPECT_EQ(judge(message, "").reason, Reason::malformed) << length;
  }
}
// Every repair has something to undo, of a megabyte, for each of sixteen signatures.
TEST(BodySize, TimesAllRepairsTimesAllSignaturesIsBounded) {
  const std::string text = joined(
      {letter_fields, "\r\n\r\n",
       times(20'000, ">>From é\r\r\n>From b\r\n..c\r\n<meta http-equiv=\"Content-Type\">\r\n"),
       times(5, "-- \r\nlist\r\n")});
  std::string signatures;
  for (int i = 0; i < 16; ++i) {
    SigningOptions how = options();
    how.body_length = static_cast<std::uint64_t>(i);  // so that no two ask for the same hash
    signatures += replaced(sign(text, key(), how), "bh=", "bh=AAAA");
  }
  const Report report = judge(joined({signatures, text}), "");
  EXPECT_EQ(report.reason, Reason::altered);
  EXPECT_EQ(report.signatures.size(), 16U);
}

}  // namespace
}  // namespace leakfs::dkim
