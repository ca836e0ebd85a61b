// SPDX-License-Identifier: GPL-3.0-or-later
// What the form of a record does not say: which numbers may stand in it. Whoever reads a record
// that keeps these rules may add its offsets and lengths without a look at their sum, and has no
// value of an enumeration that does not exist. That a number names something that is there is for
// whoever looks it up.
#pragma once

#include <cstdint>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/store/records_generated.h"

namespace leakfs::store {

// Of a rendered message, front and body.
constexpr std::uint64_t text_size_max = 1_GiB;

// An Error says what is wrong with the record of that number.
Result<void> check_rules(const records::Message& message, std::uint32_t number);
Result<void> check_rules(const records::AttachmentPlace& place, std::uint32_t number);
Result<void> check_rules(const records::Folder& folder, std::uint32_t number);
Result<void> check_rules(const records::Entry& entry, std::uint32_t number);
Result<void> check_rules(const records::Stream& stream, std::uint32_t number);

}  // namespace leakfs::store
