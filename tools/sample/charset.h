// SPDX-License-Identifier: GPL-3.0-or-later
// The charsets that old mail is written in, from UTF-8, for the letters of French and English.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "index/base/bytes.h"

namespace leakfs::sample {

enum class Charset : std::uint8_t { us_ascii, iso_8859_1, windows_1252, utf_8 };

std::string_view name_of(Charset charset);

// The text as a writer with only that charset puts it, in UTF-8: "œ" becomes "oe" in ISO 8859-1,
// "é" becomes "e" in ASCII. Such text survives encoding.
std::string spelled_in(Charset charset, std::string_view text);

// The bytes of text that spelled_in() gave.
ByteString encoded_in(Charset charset, std::string_view text);

}  // namespace leakfs::sample
