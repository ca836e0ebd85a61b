// SPDX-License-Identifier: GPL-3.0-or-later
// A letter of example.org, the key that signs it, and the verdict on what became of it.
#pragma once

#include <initializer_list>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "index/dkim/sign.h"
#include "index/dkim/verify.h"
#include "index/mail/header.h"
#include "index/mail/transfer.h"

namespace leakfs::dkim {

inline constexpr UnixTime mail_time = 1493022125;  // 2017-04-24T08:22:05Z
inline constexpr std::string_view letter =
    "From: Alice <alice@example.org>\r\n"
    "To: bob@example.net\r\n"
    "Subject: Budget\r\n"
    "Date: Mon, 24 Apr 2017 10:22:05 +0200\r\n"
    "\r\n"
    "First line\r\n"
    "Second line\r\n";
inline constexpr std::string_view letter_fields = letter.substr(0, letter.find("\r\n\r\n") + 2);
inline constexpr std::string_view letter_body = letter.substr(letter_fields.size() + 2);

inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::string whole;
  for (const std::string_view part : parts) whole += part;
  return whole;
}

// The text with the first `what` in it, which has to be there, replaced.
inline std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  return std::string(text).replace(text.find(what), what.size(), with);
}

// RSA, 1024 bits; made once, for it takes as long as many tests.
inline const crypto::PrivateKey& key() {
  static const crypto::PrivateKey generated =
      crypto::PrivateKey::generate(crypto::KeyKind::rsa, 1024);
  return generated;
}
inline const crypto::PrivateKey& other_key() {
  static const crypto::PrivateKey generated =
      crypto::PrivateKey::generate(crypto::KeyKind::rsa, 1024);
  return generated;
}
inline const crypto::PrivateKey& weak_key() {
  static const crypto::PrivateKey generated =
      crypto::PrivateKey::generate(crypto::KeyKind::rsa, 512);
  return generated;
}

inline SigningOptions options(std::vector<std::string> names = {"from", "to", "subject", "date"}) {
  return {.domain = "example.org", .selector = "s1", .fields = std::move(names)};
}

// b= of an input that a test made by itself.
inline std::string signature_of(std::string_view input,
                                crypto::DigestKind digest = crypto::DigestKind::sha256,
                                const crypto::PrivateKey& signer = key()) {
  crypto::Hasher hasher(digest);
  hasher.add(input);
  return mail::encode_base64(signer.sign(hasher.finish(), digest));
}

// The message, its signature on top.
inline std::string signed_mail(std::string_view text = letter,
                               const SigningOptions& how = options()) {
  return joined({sign(text, key(), how), text});
}

// How a failed expectation names them.
inline void PrintTo(Reason reason, std::ostream* out) { *out << '"' << word(reason) << '"'; }
inline void PrintTo(Status status, std::ostream* out) { *out << word(status); }
inline void PrintTo(Outcome outcome, std::ostream* out) { *out << word(outcome); }

// A line of a key file, without and with its end; `tags` are those in front of p=.
inline std::string record_text(const crypto::PrivateKey& signer, std::string_view tags = "") {
  return joined({"s1._domainkey.example.org. IN TXT \"v=DKIM1; ", tags,
                 "p=", mail::encode_base64(signer.public_bytes()), "\""});
}
inline std::string record(const crypto::PrivateKey& signer, std::string_view tags = "") {
  return record_text(signer, tags) + "\n";
}
inline constexpr std::string_view revoked_record =
    "s1._domainkey.example.org. IN TXT \"v=DKIM1; p=\"\n";

// The keys of a zone, every record of which is good.
inline Keyring keyring_of(std::string_view zone) {
  Keyring keyring;
  std::vector<KeyFileProblem> problems;
  keyring.add(zone, "test", problems);
  for (const KeyFileProblem& problem : problems) ADD_FAILURE() << problem.what;
  return keyring;
}

inline Report judge(std::string_view message, const Keyring& keyring,
                    std::optional<UnixTime> date = mail_time) {
  return verify(message, mail::parse_header(message), date, keyring);
}
inline Report judge(std::string_view message, std::string_view zone) {
  Keyring keyring;
  std::vector<KeyFileProblem> problems;  // of records that are broken on purpose
  keyring.add(zone, "test", problems);
  return judge(message, keyring);
}
// With the key of the letter on file, which is read once, for that takes longer than to verify.
inline Report judge(std::string_view message) {
  static const Keyring keyring = keyring_of(record(key()));
  return judge(message, keyring);
}

}  // namespace leakfs::dkim
