// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/quota.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace leakfs::sample {
namespace {

using dkim::Reason;

constexpr std::uint32_t senders_min = 12;  // two of each standing
constexpr std::uint32_t verified_min = 8;
constexpr std::uint32_t unsigned_min = 16;

std::uint32_t times(std::uint32_t count, double scale, std::uint32_t least) {
  const auto part = static_cast<std::uint32_t>(std::lround(static_cast<double>(count) * scale));
  return std::max(part, std::min(count, least));
}

}  // namespace

std::uint32_t Quota::messages() const {
  return std::accumulate(by_reason.begin(), by_reason.end(), std::uint32_t{0});
}

Quota macron2017() {
  Quota quota;
  quota.of(Reason::none) = 21'075;
  quota.of(Reason::arc_attested) = 140;
  quota.of(Reason::body_altered) = 1'240;
  quota.of(Reason::partial_body) = 310;
  quota.of(Reason::weak_key) = 930;
  quota.of(Reason::key_compromised) = 480;
  quota.of(Reason::from_unsigned) = 130;
  quota.of(Reason::key_missing) = 6'250;
  quota.of(Reason::key_revoked) = 390;
  quota.of(Reason::headers_altered) = 870;
  quota.of(Reason::altered) = 1'560;
  quota.of(Reason::malformed) = 110;
  quota.of(Reason::unsigned_) = 38'363;
  quota.attachments = 26'506;
  quota.senders = 4'493;
  quota.duplicates = 300;
  quota.mailboxes = 5;
  quota.first = *to_unix({.year = 2009, .month = 3, .day = 20, .hour = 8, .minute = 41});
  quota.last =
      *to_unix({.year = 2017, .month = 4, .day = 24, .hour = 19, .minute = 7, .second = 33});
  return quota;
}

Quota scaled(const Quota& quota, double scale) {
  Quota part = quota;
  const std::uint32_t messages = times(quota.messages(), scale, 1);
  std::uint32_t signed_messages = 0;
  for (std::size_t reason = 0; reason < reasons; ++reason) {
    part.by_reason[reason] = times(quota.by_reason[reason], scale, reason == 0 ? verified_min : 1);
    if (static_cast<Reason>(reason) != Reason::unsigned_) signed_messages += part.by_reason[reason];
  }
  // Rounding must not move the sum, so the unsigned take what is left of it.
  part.of(Reason::unsigned_) = std::max(
      unsigned_min, messages > signed_messages ? messages - signed_messages : std::uint32_t{0});
  part.attachments = times(quota.attachments, scale, 4);
  part.senders = times(quota.senders, scale, senders_min);
  part.duplicates = times(quota.duplicates, scale, 1);
  return part;
}

}  // namespace leakfs::sample
