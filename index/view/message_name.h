// SPDX-License-Identifier: GPL-3.0-or-later
// The names of a message: functions of its record, stored nowhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "index/base/bytes.h"
#include "index/store/records_generated.h"

namespace leakfs::view {

// The first 64 bits of the SHA-256 of its bytes.
std::uint64_t id_of(const records::Message& message);
std::uint64_t id_of(Bytes sha256);

// 16 hex digits, with "-2" and up for a further message with the same 64 bits.
std::string id_text(const records::Message& message);

// NAME of leakfs-tree(7), without extension.
std::string name_of(const records::Message& message);

// The name in a folder of that naming.
std::string name_in(records::Naming naming, const records::Message& message);

// The id that ends a name.
struct NamedId {
  std::uint64_t id = 0;
  std::uint8_t ordinal = 1;
};
std::optional<NamedId> id_in_name(std::string_view name);

}  // namespace leakfs::view
