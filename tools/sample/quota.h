// SPDX-License-Identifier: GPL-3.0-or-later
// How many of what a sample holds. A sample has exactly the numbers of its quota.
#pragma once

#include <array>
#include <cstdint>

#include "index/base/civil_time.h"
#include "index/dkim/report.h"

namespace leakfs::sample {

constexpr std::size_t reasons = static_cast<std::size_t>(dkim::Reason::unsigned_) + 1;

struct Quota {
  std::array<std::uint32_t, reasons> by_reason = {};  // messages; dkim::Reason::none: verified
  std::uint32_t attachments = 0;
  std::uint32_t senders = 0;     // distinct addresses of From
  std::uint32_t duplicates = 0;  // places beyond the first of a message
  std::uint32_t mailboxes = 0;   // people whose mail leaked
  UnixTime first = 0;            // date of the first message
  UnixTime last = 0;             // and of the last

  std::uint32_t& of(dkim::Reason reason) { return by_reason[static_cast<std::size_t>(reason)]; }
  std::uint32_t of(dkim::Reason reason) const {
    return by_reason[static_cast<std::size_t>(reason)];
  }
  std::uint32_t messages() const;
};

// The shape of the leak of May 2017, as far as numbers tell it.
Quota macron2017();

// Each number times `scale` (above 0, at most 1), but never below what lets every reason occur.
Quota scaled(const Quota& quota, double scale);

}  // namespace leakfs::sample
