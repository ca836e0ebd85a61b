// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 2047 encoded words in unstructured text and phrases.
#pragma once

#include <string>

#include "index/base/bytes.h"

namespace leakfs::mail {

// The text of an unstructured field value, unfolded and decoded to UTF-8. White space between
// adjacent encoded words is dropped (RFC 2047 §6.2); a character split over two words is joined;
// raw 8-bit text is UTF-8 if valid, else guessed. Words that cannot be decoded stay as they are.
std::string decode_text(Bytes value);

}  // namespace leakfs::mail
