// SPDX-License-Identifier: GPL-3.0-or-later
// One message to its record and its text. A function of the bytes and the keys alone.
#pragma once

#include <string>

#include "index/base/bytes.h"
#include "index/build/batch.h"
#include "index/dkim/keyring.h"
#include "index/mail/mime.h"
#include "index/store/records_generated.h"

namespace leakfs::build {

using mail::message_size_max;

struct ParsedMessage {
  records::MessageT record;  // all but ordinal, text, front_size and links
  std::string text;          // rendered body
};

ParsedMessage parse_message(const MessageHead& head, Bytes from_line, Bytes message,
                            const dkim::Keyring& keyring);

// The record of a message that cannot be parsed; `why` is the kind of its problem. Its text is
// empty.
records::MessageT unparsed_message(const MessageHead& head, Bytes message, const char* why);

}  // namespace leakfs::build
