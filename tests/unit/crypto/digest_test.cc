// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/crypto/digest.h"

#include <gtest/gtest.h>

#include "index/base/hex.h"
#include "index/crypto/private_key.h"
#include "index/crypto/public_key.h"

namespace leakfs::crypto {
namespace {

// FIPS 180-4 examples.
TEST(Sha256, OfAbcIsThatOfTheStandard) {
  EXPECT_EQ(to_hex(sha256("abc").bytes()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha1, OfAbcIsThatOfTheStandard) {
  Hasher hasher(DigestKind::sha1);
  hasher.add("abc");
  EXPECT_EQ(to_hex(hasher.finish().bytes()), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Hasher, StartsAnewAfterFinish) {
  Hasher hasher(DigestKind::sha256);
  hasher.add("something else");
  hasher.finish();
  hasher.add("a");
  hasher.add("bc");
  EXPECT_EQ(hasher.finish(), sha256("abc"));
}

class Keys : public testing::TestWithParam<KeyKind> {};

TEST_P(Keys, VerifyWhatTheyHaveSignedAndNothingElse) {
  const PrivateKey key = PrivateKey::generate(GetParam(), 1024);
  const Digest digest = sha256("message");
  const ByteString signature = key.sign(digest, DigestKind::sha256);
  const auto open = GetParam() == KeyKind::rsa ? PublicKey::rsa : PublicKey::ed25519;
  const std::optional<PublicKey> opened = open(key.public_bytes());
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->verify(digest, DigestKind::sha256, signature));
  EXPECT_FALSE(opened->verify(sha256("other"), DigestKind::sha256, signature));
  EXPECT_FALSE(opened->verify(digest, DigestKind::sha256, signature.substr(1)));
  EXPECT_FALSE(opened->verify(digest, DigestKind::sha256, ""));
}

INSTANTIATE_TEST_SUITE_P(Kinds, Keys, testing::Values(KeyKind::rsa, KeyKind::ed25519));

TEST(PublicKey, OfNoiseIsNone) {
  EXPECT_FALSE(PublicKey::rsa(""));
  EXPECT_FALSE(PublicKey::rsa(std::string(200, '\x30')));
  EXPECT_FALSE(PublicKey::ed25519("short"));
}

}  // namespace
}  // namespace leakfs::crypto
