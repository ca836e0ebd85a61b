// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker of a build still can do once it is confined, though it does it for the first time.
#include <functional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "index/mail/charset.h"
#include "index/process/child.h"
#include "index/sandbox/sandbox.h"
#include "tests/unit/dkim/signed_mail.h"

namespace leakfs {
namespace {

// What a child that is confined as a worker is makes of it.
std::string made_inside(const std::function<std::string()>& make) {
  Result<process::Child> child = process::Child::start(
      [&](process::Channel& channel) {
        mail::open_charsets();
        sandbox::confine({});
        channel.send(make());
      },
      {});
  if (!child) return "no child";
  char made[1024];
  return {made, child->channel().receive(made, sizeof made)};
}

std::string converted_inside(std::string_view bytes, std::string_view charset) {
  return made_inside([&] { return mail::to_utf8(bytes, charset); });
}

TEST(Confined, CharsetsAreConverted) {
  EXPECT_EQ(converted_inside("\xd0\xd2\xc9\xd7\xc5\xd4", "koi8-r"), "привет");
  EXPECT_EQ(converted_inside("\x1b$B$3$s\x1b(B", "iso-2022-jp"), "こん");
  EXPECT_EQ(converted_inside("\x80 \x93quoted\x94", "windows-1252"), "€ “quoted”");
}

TEST(Confined, CharsetsAreGuessed) {
  const std::string line =
      "\xf3\xdf\xc5\xdb\xd8 \xd6\xc5 \xc5\xdd\xa3 \xdc\xd4\xc9\xc8 \xcd\xd1\xc7\xcb\xc9\xc8 "
      "\xc6\xd2\xc1\xce\xc3\xd5\xda\xd3\xcb\xc9\xc8 \xc2\xd5\xcc\xcf\xcb\n";
  EXPECT_EQ(converted_inside(line + line, ""),
            "Съешь же ещё этих мягких французских булок\n"
            "Съешь же ещё этих мягких французских булок\n");
}

TEST(Confined, SignaturesAreVerified) {
  for (const crypto::KeyKind kind : {crypto::KeyKind::ed25519, crypto::KeyKind::rsa}) {
    // By a child of this test before it verified anything itself: OpenSSL loads what it needs late.
    const crypto::PrivateKey signer = crypto::PrivateKey::generate(kind, 1024);
    const std::string message =
        dkim::joined({dkim::sign(dkim::letter, signer, dkim::options()), dkim::letter});
    const dkim::Keyring keyring = dkim::keyring_of(
        dkim::record(signer, kind == crypto::KeyKind::ed25519 ? "k=ed25519; " : ""));
    EXPECT_EQ(
        made_inside([&] { return std::string(dkim::word(dkim::judge(message, keyring).status)); }),
        "verified");
  }
}

}  // namespace
}  // namespace leakfs
