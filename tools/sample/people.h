// SPDX-License-Identifier: GPL-3.0-or-later
// Who writes: names and addresses, no two of which are the same without case.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/sample/domains.h"
#include "tools/sample/vocabulary.h"

namespace leakfs::sample {

struct Person {
  std::string name;     // as displayed, UTF-8
  std::string first;    // how friends greet; empty for a machine
  std::string address;  // as written, may have capitals
  std::string key;      // the address in lower case
  std::string_view domain;
  Standing standing = Standing::plain;
  Language language = Language::french;
};

// `counts`: people per standing. The result is ordered by standing; within one, those who write
// most are first. The first person has the first address of the first domain.
std::vector<Person> make_people(const std::array<std::uint32_t, standings>& counts,
                                std::uint64_t seed);

}  // namespace leakfs::sample
