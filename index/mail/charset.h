// SPDX-License-Identifier: GPL-3.0-or-later
// Text of any charset to UTF-8. iconv and uchardet are behind this file.
#pragma once

#include <string>
#include <string_view>

#include "index/base/bytes.h"

namespace leakfs::mail {

// Opens the converters of all known charsets and keeps them open, per thread that calls to_utf8().
// A confined process cannot open them later.
void open_charsets();

// `bytes` as UTF-8. `label` is the charset parameter as written, any case; aliases and common
// mistakes ("iso-8859-1" for windows-1252, "utf8", "cp-1252", "ansi", "x-sjis") are known. An
// unknown or empty label: UTF-8 if valid, else guessed, else windows-1252. us-ascii with 8-bit
// bytes is guessed as well. What a charset does not have becomes U+FFFD.
std::string to_utf8(Bytes bytes, std::string_view label);

}  // namespace leakfs::mail
