// SPDX-License-Identifier: GPL-3.0-or-later
// The shopping list of an archivist: keys that signatures name and that are not on file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "index/base/civil_time.h"
#include "index/store/records_generated.h"

namespace leakfs::build {

class MissingKeys {
 public:
  void add(const records::Message& message);

  // missing-keys.csv of leakfs-tree(7): the key that the most messages wait for first.
  std::string rows() const;

 private:
  struct Name {
    std::string domain;
    std::string selector;
    friend auto operator<=>(const Name&, const Name&) = default;
  };
  struct Need {
    std::uint64_t messages = 0;
    std::uint64_t intact = 0;  // whose body is as it was signed
    std::optional<UnixTime> first;
    std::optional<UnixTime> last;
  };
  std::map<Name, Need> needs_;
};

}  // namespace leakfs::build
