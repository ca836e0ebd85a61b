// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that must add up over the whole sample, decided before the first message is written:
// who writes when, to which thread, with which verdict, how many attachments of which size, stored
// where. About 60 bytes a message; what is inside of one is made when it is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/sample/people.h"
#include "tools/sample/quota.h"

namespace leakfs::sample {

constexpr std::uint64_t attachment_size_min = 64;  // on average; room for magic bytes

struct MessagePlan {
  UnixTime date = 0;
  std::uint32_t sender = 0;            // of Plan::people
  std::uint32_t root = 0;              // first message of the thread; itself, if it starts one
  std::uint32_t parent = 0;            // message it answers; itself, if it starts a thread
  std::uint32_t first_attachment = 0;  // of Plan::attachment_sizes
  std::uint16_t attachments = 0;
  std::uint16_t depth = 0;  // answers above it in its thread
  dkim::Reason reason = dkim::Reason::unsigned_;
};

// One file of the archive.
struct Place {
  std::uint32_t message = 0;
  std::uint32_t number = 0;  // within its folder, from 1
  std::uint16_t mailbox = 0;
  std::uint16_t folder = 0;
};

struct Plan {
  std::uint64_t seed = 0;
  std::vector<Person> people;
  std::uint32_t mailboxes = 0;        // the first so many people are those whose mail leaked
  std::vector<MessagePlan> messages;  // by date
  std::vector<std::uint64_t> attachment_sizes;
  std::vector<Place> places;                // in the order of the archive
  std::vector<std::uint32_t> first_places;  // of each message
  std::vector<std::uint32_t> copies;        // places of bytes seen before, by message

  // "alice.martin/INBOX/000123.eml"
  std::string path(const Place& place) const;
  // The second place of a message, or none.
  std::optional<std::uint32_t> copy_of(std::uint32_t message) const;
};

// `attachment_bytes` is the sum of all decoded attachments, at least attachment_size_min for each.
Plan make_plan(const Quota& quota, std::uint64_t attachment_bytes, std::uint64_t seed);

}  // namespace leakfs::sample
