// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/seal.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "index/base/hex.h"
#include "index/dkim/sign.h"
#include "index/dkim/sign_arc.h"
#include "index/mail/transfer.h"
#include "tools/sample/header.h"
#include "tools/sample/mime.h"

namespace leakfs::sample {
namespace {

using dkim::Canonicalization;
using dkim::Reason;

// A message before transport, in the two halves that a signature tells apart.
struct Letterhead {
  ByteString header;
  ByteString body;

  ByteString bytes() const { return header + "\r\n" + body; }
};

Letterhead render(const Draft& draft) {
  Entity entity = entity_of(draft);
  Letterhead letter{.header = writers_fields(draft), .body = std::move(entity.body)};
  if (draft.is_mime) letter.header += "MIME-Version: 1.0\r\n" + entity.header;
  return letter;
}

dkim::SigningOptions options_for(std::string_view domain, const KeyUse& use, const Draft& draft,
                                 Random& random) {
  dkim::SigningOptions options{.domain = std::string(domain),
                               .selector = std::string(use.selector)};
  const std::uint32_t throw_form = random.below(10);
  if (throw_form >= 6) options.body = Canonicalization::simple;
  if (throw_form >= 8) options.header = Canonicalization::simple;
  options.fields = {"from",       "to",          "cc",         "subject",      "date",
                    "message-id", "in-reply-to", "references", "mime-version", "content-type"};
  // RFC 6376 §8.15: naming a field once more than it occurs keeps others from adding one.
  if (random.percent(15)) options.fields.insert(options.fields.end(), {"from", "subject"});
  if (random.percent(40)) options.time = draft.date + random.below(5);
  if (options.time && random.percent(20)) options.expiration = *options.time + UnixTime{7} * 86'400;
  if (random.percent(25)) options.identity = fmt::format("@{}", domain);
  return options;
}

// The people's own domain, which signs with what it has.
KeyUse own_key(const Draft& draft) {
  return key_in_use(draft.from->domain, draft.from->standing, draft.date);
}

ByteString sign_by(std::string_view domain, const KeyUse& use, const Draft& draft,
                   const Letterhead& letter, const KeyChain& keys, Random& random) {
  return dkim::sign(letter.bytes(), keys.at(use.key), options_for(domain, use, draft, random));
}

// What was signed where the body that arrived is another.
Draft with_other_body(Draft draft) {
  std::string& first = draft.letter.paragraphs.front();
  Random random(draft.seed, Purpose::seal);
  first.insert(0, make_sentence(draft.language, random) + " ");
  return draft;
}

Draft with_other_subject(Draft draft) {
  draft.subject += draft.language == Language::french ? " (suite)" : " (cont.)";
  return draft;
}

SealedMessage verified(const Draft& draft, const Letterhead& letter, const KeyChain& keys,
                       Random& random) {
  const std::string_view own = draft.from->domain;
  const KeyUse mailer_key = key_in_use(mailer_domain, Standing::signing, draft.date);
  const KeyUse list_key = key_in_use(list_domain, Standing::signing, draft.date);
  SealedMessage sealed;
  const std::uint32_t form = random.below(100);
  if (form < 8) {  // by a mass mailer
    sealed.bytes = sign_by(mailer_domain, mailer_key, draft, letter, keys, random);
    sealed.domains = {std::string(mailer_domain)};
  } else if (form < 14) {  // through a mailing list, which broke the first signature
    const Letterhead sent = render(with_other_body(draft));
    sealed.bytes = sign_by(list_domain, list_key, draft, letter, keys, random);
    sealed.bytes += sign_by(own, own_key(draft), draft, sent, keys, random);
    sealed.domains = {std::string(list_domain)};
  } else if (form < 20) {  // by both
    sealed.bytes = sign_by(mailer_domain, mailer_key, draft, letter, keys, random);
    sealed.bytes += sign_by(own, own_key(draft), draft, letter, keys, random);
    sealed.domains = {std::string(mailer_domain), std::string(own)};
  } else if (form < 25) {  // as servers did until RFC 8301
    dkim::SigningOptions options = options_for(own, own_key(draft), draft, random);
    options.digest = crypto::DigestKind::sha1;
    sealed.bytes = dkim::sign(letter.bytes(), keys.at(own_key(draft).key), options);
    sealed.domains = {std::string(own)};
  } else {
    const bool is_late = draft.date >= *to_unix({.year = 2016});
    if (is_late && form < 35) {
      sealed.bytes = sign_by(own, ed25519_key(), draft, letter, keys, random);
    }
    if (sealed.bytes.empty() || form < 32) {
      sealed.bytes += sign_by(own, own_key(draft), draft, letter, keys, random);
    }
    sealed.domains = {std::string(own)};
  }
  std::ranges::sort(sealed.domains);
  const auto repeats = std::ranges::unique(sealed.domains);
  sealed.domains.erase(repeats.begin(), repeats.end());
  sealed.bytes += letter.bytes();
  return sealed;
}

// A list's lines below a body that was signed up to its former end.
ByteString with_unsigned_tail(const Draft& draft, Letterhead letter, const KeyChain& keys,
                              Random& random) {
  dkim::SigningOptions options = options_for(draft.from->domain, own_key(draft), draft, random);
  options.body = Canonicalization::simple;  // in which the body has the length it has
  options.body_length = letter.body.size();
  const ByteString field = dkim::sign(letter.bytes(), keys.at(own_key(draft).key), options);
  letter.body += fmt::format("________________________________\r\nhttp://{}/?id={}\r\n",
                             list_domain, draft.seed % 1000);
  return field + letter.bytes();
}

ByteString from_unsigned(const Draft& draft, const Letterhead& letter, const KeyChain& keys,
                         Random& random) {
  dkim::SigningOptions options = options_for(draft.from->domain, own_key(draft), draft, random);
  const std::uint32_t form = random.below(3);
  if (form == 0) std::erase(options.fields, "from");
  if (form == 1) options.identity = fmt::format("@{}", mailer_domain);
  if (form == 2) options.fields = {"from", "to", "subject", "date", "message-id"};
  ByteString bytes = dkim::sign(letter.bytes(), keys.at(own_key(draft).key), options);
  if (form == 2) {
    bytes +=
        fmt::format("From: {}\r\n", mailbox_of(*draft.from, draft.charset, draft.word_encoding));
  }
  return bytes + letter.bytes();
}

// A list that changed the Subject, and sealed what it had found before.
ByteString through_sealing_list(const Draft& draft, const KeyChain& keys, Random& random) {
  const std::string_view own = draft.from->domain;
  const KeyUse list_key = key_in_use(list_domain, Standing::signing, draft.date);
  ByteString bytes =
      sign_by(own, own_key(draft), draft, render(with_other_subject(draft)), keys, random);
  bytes += render(draft).bytes();
  const ByteString set = dkim::seal_first_hop(
      bytes, keys.at(list_key.key),
      {.domain = std::string(list_domain),
       .selector = std::string(list_key.selector),
       .fields = {"from", "to", "subject", "date", "message-id"},
       .results = fmt::format("{}; dkim=pass header.d={}; spf=pass", list_domain, own),
       .time = draft.date});
  return set + bytes;
}

// Fields that name no key or hold no signature.
ByteString malformed_field(const Draft& draft, Random& random) {
  ByteString noise;
  for (int i = 0; i < 16; ++i) noise += to_hex(random.next());
  const ByteString hash = mail::encode_base64(Bytes(noise).substr(0, 32));
  const ByteString signature = mail::encode_base64(Bytes(noise).substr(32));
  switch (random.below(4)) {
    case 0:
      return fmt::format(
          "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; s=k2013;\r\n"
          "\th=from:to:subject:date; bh={};\r\n\tb={}\r\n",
          hash, signature);
    case 1:
      return fmt::format(
          "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={};\r\n"
          "\th=from:to:subject:date; bh={};\r\n\tb={}\r\n",
          draft.from->domain, hash, signature);
    case 2:
      return fmt::format(
          "DKIM-Signature: v=1; a=rsa-sha256; d={}; s=k2013;\r\n\th=from:to:subject:date; "
          "bh={}\r\n",
          draft.from->domain, hash);
    default:
      return "DKIM-Signature: removed by gateway\r\n";
  }
}

ByteString unverified(const Draft& draft, Reason reason, const KeyChain& keys, Random& random) {
  const Letterhead letter = render(draft);
  const std::string_view own = draft.from->domain;
  switch (reason) {
    case Reason::body_altered:
      return sign_by(own, own_key(draft), draft, render(with_other_body(draft)), keys, random) +
             letter.bytes();
    case Reason::headers_altered:
      return sign_by(own, own_key(draft), draft, render(with_other_subject(draft)), keys, random) +
             letter.bytes();
    case Reason::altered: {
      const bool is_key_lost = random.percent(50);
      const Draft other = with_other_body(draft);
      return sign_by(own, is_key_lost ? lost_key() : own_key(draft), draft,
                     render(is_key_lost ? other : with_other_subject(other)), keys, random) +
             letter.bytes();
    }
    case Reason::weak_key:
    case Reason::key_compromised:
    case Reason::key_missing:
    case Reason::key_revoked:
      return sign_by(own, own_key(draft), draft, letter, keys, random) + letter.bytes();
    case Reason::partial_body:
      return with_unsigned_tail(draft, letter, keys, random);
    case Reason::from_unsigned:
      return from_unsigned(draft, letter, keys, random);
    case Reason::arc_attested:
      return through_sealing_list(draft, keys, random);
    case Reason::malformed:
      return malformed_field(draft, random) + letter.bytes();
    case Reason::none:
    case Reason::unsigned_:
      break;
  }
  return letter.bytes();
}

}  // namespace

SealedMessage seal(const Draft& draft, Reason reason, const KeyChain& keys) {
  Random random(draft.seed, Purpose::seal, 1);
  SealedMessage sealed;
  if (reason == Reason::none) {
    sealed = verified(draft, render(draft), keys, random);
  } else {
    sealed.bytes = unverified(draft, reason, keys, random);
  }
  sealed.bytes.insert(0, trace_fields(draft));
  return sealed;
}

}  // namespace leakfs::sample
