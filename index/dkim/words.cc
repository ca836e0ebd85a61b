// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/report.h"

namespace leakfs::dkim {

std::string_view word(SignatureKind kind) {
  switch (kind) {
    case SignatureKind::dkim:
      return "dkim";
    case SignatureKind::domainkeys:
      return "domainkeys";
    case SignatureKind::arc_message:
    case SignatureKind::arc_seal:
      return "arc";
  }
  return {};
}

std::string_view word(BodyHash fact) {
  switch (fact) {
    case BodyHash::none:
      return "none";
    case BodyHash::ok:
      return "ok";
    case BodyHash::bad:
      return "bad";
  }
  return {};
}

std::string_view word(HeaderSignature fact) {
  switch (fact) {
    case HeaderSignature::unknown:
      return "unknown";
    case HeaderSignature::ok:
      return "ok";
    case HeaderSignature::bad:
      return "bad";
  }
  return {};
}

std::string_view word(KeyState fact) {
  switch (fact) {
    case KeyState::found:
      return "found";
    case KeyState::missing:
      return "missing";
    case KeyState::revoked:
      return "revoked";
    case KeyState::malformed:
      return "malformed";
  }
  return {};
}

std::string_view word(Outcome outcome) {
  switch (outcome) {
    case Outcome::none:
      return "none";
    case Outcome::pass:
      return "pass";
    case Outcome::fail:
      return "fail";
    case Outcome::policy:
      return "policy";
    case Outcome::neutral:
      return "neutral";
    case Outcome::permerror:
      return "permerror";
  }
  return {};
}

std::string_view word(Status status) {
  switch (status) {
    case Status::unverified:
      return "unverified";
    case Status::verified:
      return "verified";
  }
  return {};
}

std::string_view word(Reason reason) {
  switch (reason) {
    case Reason::none:
      return "";
    case Reason::arc_attested:
      return "arc-attested";
    case Reason::body_altered:
      return "body-altered";
    case Reason::partial_body:
      return "partial-body";
    case Reason::weak_key:
      return "weak-key";
    case Reason::key_compromised:
      return "key-compromised";
    case Reason::from_unsigned:
      return "from-unsigned";
    case Reason::key_missing:
      return "key-missing";
    case Reason::key_revoked:
      return "key-revoked";
    case Reason::headers_altered:
      return "headers-altered";
    case Reason::altered:
      return "altered";
    case Reason::malformed:
      return "malformed";
    case Reason::unsigned_:
      return "unsigned";
  }
  return {};
}

}  // namespace leakfs::dkim
