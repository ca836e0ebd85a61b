// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/plan.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "tools/sample/places.h"
#include "tools/sample/random.h"

namespace leakfs::sample {
namespace {

using dkim::Reason;

constexpr std::uint16_t thread_depth_max = 12;
constexpr std::uint32_t reply_reach = 300;  // messages that an answer may lie after what it answers
constexpr std::uint64_t day_seconds = 86'400;

// Whose mail can have such a verdict.
Standing standing_for(Reason reason) {
  switch (reason) {
    case Reason::unsigned_:
      return Standing::plain;
    case Reason::key_missing:
      return Standing::unlisted;
    case Reason::weak_key:
      return Standing::weak;
    case Reason::key_compromised:
      return Standing::compromised;
    case Reason::key_revoked:
      return Standing::revoked;
    default:
      return Standing::signing;
  }
}

// Senders per standing: in proportion to its messages, but at least 1 and at most one a message.
std::array<std::uint32_t, standings> sender_counts(const Quota& quota) {
  std::array<std::uint32_t, standings> messages = {};
  for (std::size_t reason = 0; reason < reasons; ++reason) {
    messages[static_cast<std::size_t>(standing_for(static_cast<Reason>(reason)))] +=
        quota.by_reason[reason];
  }
  constexpr auto plain = static_cast<std::size_t>(Standing::plain);
  std::array<std::uint32_t, standings> counts = {};
  std::uint32_t left = quota.senders;
  for (std::size_t i = 0; i < standings; ++i) {
    if (i == plain) continue;
    const std::uint64_t share = std::uint64_t{quota.senders} * messages[i] / quota.messages();
    const std::uint32_t least = i == 0 ? quota.mailboxes : 1;
    counts[i] =
        std::clamp(static_cast<std::uint32_t>(share), std::min(least, messages[i]), messages[i]);
    left -= counts[i];
  }
  counts[plain] = left;
  return counts;
}

void plan_reasons(Plan& plan, const Quota& quota) {
  for (std::size_t reason = 0; reason < reasons; ++reason) {
    for (std::uint32_t i = 0; i < quota.by_reason[reason]; ++i) {
      plan.messages.push_back({.reason = static_cast<Reason>(reason)});
    }
  }
  Random random(plan.seed, Purpose::verdicts);
  random.shuffle(plan.messages);
}

// More mail every year, most of it in office hours.
UnixTime make_date(const Quota& quota, Random& random) {
  const auto span = static_cast<std::uint64_t>(quota.last - quota.first);
  std::uint64_t into = 0;
  for (int i = 0; i < 3; ++i) into = std::max(into, random.next() % span);
  const std::uint64_t day = (static_cast<std::uint64_t>(quota.first) + into) / day_seconds;
  const std::uint64_t hour = random.percent(80) ? 7 + random.below(12) : random.below(24);
  const auto date = static_cast<UnixTime>(day * day_seconds + hour * 3600 + random.below(3600));
  return std::clamp(date, quota.first, quota.last);
}

void plan_dates(Plan& plan, const Quota& quota) {
  Random random(plan.seed, Purpose::dates);
  std::vector<UnixTime> dates(plan.messages.size());
  for (UnixTime& date : dates) date = make_date(quota, random);
  std::ranges::sort(dates);
  dates.front() = quota.first;
  dates.back() = quota.last;
  for (std::size_t i = 0; i < dates.size(); ++i) plan.messages[i].date = dates[i];
}

// Everybody writes at least once, and few write most.
void plan_senders(Plan& plan, const std::array<std::uint32_t, standings>& counts) {
  Random random(plan.seed, Purpose::senders);
  std::uint32_t first = 0;
  for (std::size_t standing = 0; standing < standings; ++standing) {
    const std::uint32_t count = counts[standing];
    std::vector<std::uint32_t> mine;
    for (std::uint32_t i = 0; i < plan.messages.size(); ++i) {
      if (standing_for(plan.messages[i].reason) == static_cast<Standing>(standing)) {
        mine.push_back(i);
      }
    }
    random.shuffle(mine);
    for (std::uint32_t i = 0; i < mine.size(); ++i) {
      MessagePlan& message = plan.messages[mine[i]];
      message.sender = first + (i < count ? i : random.skewed_below(count));
      // Who signs today did not always.
      const bool is_early = message.reason == Reason::unsigned_ && i >= count;
      if (is_early && random.percent(30)) message.sender = random.skewed_below(counts[0]);
    }
    first += count;
  }
}

void plan_threads(Plan& plan) {
  Random random(plan.seed, Purpose::threads);
  for (std::uint32_t i = 0; i < plan.messages.size(); ++i) {
    MessagePlan& message = plan.messages[i];
    message.root = message.parent = i;
    if (i == 0 || !random.percent(45)) continue;
    const std::uint32_t parent = i - 1 - random.skewed_below(std::min(i, reply_reach));
    const MessagePlan& answered = plan.messages[parent];
    if (answered.depth >= thread_depth_max) continue;
    message.parent = parent;
    message.root = answered.root;
    message.depth = static_cast<std::uint16_t>(answered.depth + 1);
  }
}

std::vector<std::uint64_t> make_sizes(std::uint32_t count, std::uint64_t total, Random& random) {
  constexpr std::uint64_t least = attachment_size_min / 2;
  std::vector<std::uint64_t> sizes(count);
  for (std::uint64_t& size : sizes) {
    std::uint32_t doublings = 0;
    while (doublings < 8 && random.percent(58)) ++doublings;
    size = std::uint64_t{256 + random.below(256)} << doublings;
  }
  // Cumulative rounding: the sizes are in these proportions and their sum is exact.
  const std::uint64_t weights = std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0});
  const std::uint64_t free = total - least * count;
  std::uint64_t weight = 0;
  std::uint64_t given = 0;
  for (std::uint64_t& size : sizes) {
    weight += size;
    __extension__ using Wide = unsigned __int128;
    const auto border = static_cast<std::uint64_t>(Wide{free} * weight / weights);
    size = least + border - given;
    given = border;
  }
  return sizes;
}

void plan_attachments(Plan& plan, std::uint32_t count, std::uint64_t total) {
  Random random(plan.seed, Purpose::attachments);
  std::vector<std::uint32_t> carriers;
  for (std::uint32_t i = 0; i < plan.messages.size(); ++i) {
    // Text behind a signed part is seen by a reader only after a plain body.
    if (plan.messages[i].reason != Reason::partial_body) carriers.push_back(i);
  }
  random.shuffle(carriers);
  std::uint32_t left = count;
  for (std::size_t i = 0; left > 0; i = (i + 1) % carriers.size()) {
    const std::uint32_t some = std::min(left, 1 + random.skewed_below(6));
    plan.messages[carriers[i]].attachments += static_cast<std::uint16_t>(some);
    left -= some;
  }
  std::uint32_t first = 0;
  for (MessagePlan& message : plan.messages) {
    message.first_attachment = first;
    first += message.attachments;
  }
  if (count > 0) plan.attachment_sizes = make_sizes(count, total, random);
}

}  // namespace

std::optional<std::uint32_t> Plan::copy_of(std::uint32_t message) const {
  const auto found = std::ranges::lower_bound(
      copies, message, {}, [this](std::uint32_t place) { return places[place].message; });
  if (found == copies.end() || places[*found].message != message) return std::nullopt;
  return *found;
}

Plan make_plan(const Quota& quota, std::uint64_t attachment_bytes, std::uint64_t seed) {
  Plan plan{.seed = seed};
  const std::array<std::uint32_t, standings> counts = sender_counts(quota);
  plan.people = make_people(counts, seed);
  plan.mailboxes = std::min(quota.mailboxes, counts[0]);
  plan_reasons(plan, quota);
  plan_dates(plan, quota);
  plan_senders(plan, counts);
  plan_threads(plan);
  plan_attachments(plan, quota.attachments, attachment_bytes);
  plan_places(plan, quota.duplicates);
  return plan;
}

}  // namespace leakfs::sample
