// SPDX-License-Identifier: GPL-3.0-or-later
// The names of an attachment: functions of the records, stored nowhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "index/store/records_generated.h"
#include "index/view/message_name.h"

namespace leakfs::view {

// FILENAME of leakfs-tree(7).
std::string file_name_of(const records::Attachment& attachment);

// NAME_N_FILENAME. At most 255 bytes.
std::string attachment_name_of(const records::Message& message,
                               const records::Attachment& attachment);

// What a name says of the attachment that it may be of.
struct NamedAttachment {
  NamedId message;
  std::uint32_t part = 0;
};

// Every reading of a name: a subject or a FILENAME can hold what looks like an id and a number.
// Only the name of the attachment tells which is right.
std::vector<NamedAttachment> attachments_in_name(std::string_view name);

}  // namespace leakfs::view
