// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/places.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "tools/sample/random.h"

namespace leakfs::sample {
namespace {

constexpr auto folders = std::to_array<std::string_view>(
    {"INBOX", "Sent", "Archives", "INBOX.Presse", "INBOX.Finances", "Listes", "Corbeille"});
constexpr std::uint16_t inbox = 0;
constexpr std::uint16_t sent = 1;

std::uint16_t received_folder(Random& random) {
  if (random.percent(55)) return inbox;
  return static_cast<std::uint16_t>(2 + random.below(folders.size() - 2));
}

Place make_place(const Plan& plan, std::uint32_t message, Random& random) {
  const std::uint32_t sender = plan.messages[message].sender;
  Place place{.message = message};
  if (sender < plan.mailboxes) {
    place.mailbox = static_cast<std::uint16_t>(sender);
    place.folder = sent;
  } else {
    place.mailbox = static_cast<std::uint16_t>(random.skewed_below(plan.mailboxes));
    place.folder = received_folder(random);
  }
  return place;
}

// Another mailbox that got the message too; with one mailbox only, another folder of it.
Place make_copy(const Plan& plan, const Place& original, Random& random) {
  Place copy = original;
  copy.mailbox = static_cast<std::uint16_t>((original.mailbox + 1) % plan.mailboxes);
  copy.folder = copy.mailbox == original.mailbox && original.folder == inbox
                    ? std::uint16_t{2}
                    : (copy.mailbox == original.mailbox ? inbox : received_folder(random));
  return copy;
}

}  // namespace

void plan_places(Plan& plan, std::uint32_t duplicates) {
  Random random(plan.seed, Purpose::places);
  const auto count = static_cast<std::uint32_t>(plan.messages.size());
  for (std::uint32_t i = 0; i < count; ++i) plan.places.push_back(make_place(plan, i, random));

  std::vector<std::uint32_t> order(count);
  for (std::uint32_t i = 0; i < count; ++i) order[i] = i;
  random.shuffle(order);
  for (std::uint32_t i = 0; i < std::min(duplicates, count); ++i) {
    plan.places.push_back(make_copy(plan, plan.places[order[i]], random));
  }

  std::ranges::sort(plan.places, {}, [](const Place& place) {
    return std::tuple(place.mailbox, place.folder, place.message);
  });
  plan.first_places.assign(count, UINT32_MAX);
  for (std::uint32_t i = 0; i < plan.places.size(); ++i) {
    Place& place = plan.places[i];
    const Place* before = i > 0 ? &plan.places[i - 1] : nullptr;
    const bool is_same_folder =
        before != nullptr && before->mailbox == place.mailbox && before->folder == place.folder;
    place.number = is_same_folder ? before->number + 1 : 1;
    if (plan.first_places[place.message] == UINT32_MAX) {
      plan.first_places[place.message] = i;
    } else {
      plan.copies.push_back(i);
    }
  }
  std::ranges::sort(plan.copies, {},
                    [&plan](std::uint32_t place) { return plan.places[place].message; });
}

std::string Plan::path(const Place& place) const {
  const std::string& owner = people[place.mailbox].key;
  return fmt::format("{}/{}/{:06}.eml", owner.substr(0, owner.find('@')), folders[place.folder],
                     place.number);
}

}  // namespace leakfs::sample
