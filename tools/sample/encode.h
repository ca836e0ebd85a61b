// SPDX-License-Identifier: GPL-3.0-or-later
// The encodings of MIME, written as correct mailers write them.
#pragma once

#include <cstdint>
#include <string_view>

#include "index/base/bytes.h"
#include "tools/sample/charset.h"

namespace leakfs::sample {

// Lines of 76 characters and CRLF (RFC 2045 §6.8).
void append_base64(ByteString& out, Bytes bytes);

// `bytes` has CRLF line ends, which stay (RFC 2045 §6.7).
void append_quoted_printable(ByteString& out, Bytes bytes);

enum class WordEncoding : std::uint8_t { b, q };

// Encoded words (RFC 2047 §2), each at most 75 characters, on folded lines. Text in ASCII stays.
ByteString encoded_words(std::string_view text, Charset charset, WordEncoding encoding);

// "; name*=utf-8''...", or in pieces name*0*=, name*1*=, ... (RFC 2231 §3, §4); a value in ASCII is
// quoted as it is. Each parameter is on a folded line.
ByteString parameter(std::string_view name, std::string_view value);

}  // namespace leakfs::sample
