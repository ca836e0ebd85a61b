// SPDX-License-Identifier: GPL-3.0-or-later
// File and folder names made from hostile text; leakfs-tree(7) has the rules. Every function is
// deterministic and gives valid UTF-8 that no terminal or file manager trips over: no "/", control
// or format character, never "." or "..", 1 to 255 bytes (safe_name() alone knows no length). But
// for member_name(), which stays close to what is stored, names are NFC and safe in a shell too: no
// character that is special to it, no leading ".", "-" or "~".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "index/base/civil_time.h"

namespace leakfs::mail {

constexpr std::size_t message_name_size_max = 160;
constexpr std::size_t sender_size_max = 64;
constexpr std::size_t folder_name_size_max = 120;
constexpr std::size_t file_name_size_max = 80;
constexpr std::size_t member_name_size_max = 255;

// The one rule for characters: letters, marks and digits of any script and "@+=,._~-" stay; white
// space becomes "-" (runs become one); everything else becomes "_"; leading ".", "-" and "~" are
// dropped. May be empty. Idempotent.
std::string safe_name(std::string_view text);

struct MessageNameParts {
  std::optional<UnixTime> date;
  std::string_view sender;   // address_key, or empty
  std::string_view subject;  // decoded
  std::string_view id;       // 16 hex digits, with "-2" for a second message of the same 64 bits
};
// "2017-04-24_08.22.05_alice@example.org_Budget-de-campagne_1a2b3c4d5e6f7a8b" (DESIGN: NAME). The
// sender is cut to sender_size_max with "~"; the whole to message_name_size_max inside the subject.
// Without a sender "unknown"; without a subject its "_" is left out too.
std::string message_name(const MessageNameParts& parts);

// A folder for an address or domain: safe_name cut to folder_name_size_max; if that changed the
// text, or if it ends in what looks like it, "~" and 8 hex digits of the SHA-256 of `text` follow
// (within the limit).
std::string folder_name(std::string_view text);

// An attachment's FILENAME: the last component of `filename`, at most file_name_size_max bytes, cut
// before its extension; "noname.EXT" by `type` if nothing is left.
std::string attachment_name(std::string_view filename, std::string_view type);

// The folder of attachments/by-type for such a FILENAME: its extension in lower case, "none" where
// it has none. At most 45 bytes.
std::string type_folder_name(std::string_view file_name);

// A member's own name under archive/: as stored (blanks and case included) but for control,
// format and ill-formed characters, "/" and "\0", which become "_"; "." and ".." become "_" forms;
// at most member_name_size_max bytes, cut before the extension.
std::string member_name(std::string_view component);

}  // namespace leakfs::mail
