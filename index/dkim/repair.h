// SPDX-License-Identifier: GPL-3.0-or-later
// What storing and exporting does to mail, and how to undo it. A signature that fits an undone form
// proves that this was all that happened; leakfs-verdict(7) lists the forms.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "index/base/bytes.h"

namespace leakfs::dkim {

constexpr std::size_t forms_max = 8;  // per signature, the message as it is among them

enum class Repair : std::uint8_t {
  none,
  // Undone whenever they are there, for nobody signs such a form.
  lf,         // LF for CRLF (RFC 6376 §5.3)
  from_line,  // lines before the first field: an mbox From_ line, a byte order mark, empty lines
  junk,       // lines in the header that are no field, such as a quoted From_ line
  // Tried in this order when the message as it is does not fit.
  last_line_end,  // a last line end that was not there
  leading_line,   // an empty line put before the body
  cr_cr_lf,       // CR CR LF for CRLF
  from_quoting,   // ">From " for "From " (mbox)
  dot_stuffing,   // ".." for "." at the start of a line (RFC 5321 §4.5.2)
  latin1,         // UTF-8 for Latin-1 or windows-1252
  utf8,           // Latin-1 for UTF-8
  meta,           // <meta http-equiv="Content-Type" ...> put into HTML
  footer,         // text that a list put below a marker line
  fields_on_top,  // fields put above the signature
};

// HOW of the flag "repaired:HOW".
std::string_view word(Repair repair);

// A body that may have been signed: of the bytes given, `unended` without the last line end of its
// canonical form.
struct BodyForm {
  Repair repair = Repair::none;
  Bytes body;
  bool unended = false;
  bool is_wire = false;  // a LF without CR is no line end
};

// Gives every form that differs from the body, cheapest first, until the visitor says stop by true,
// which is returned then. The bytes are valid during the call only.
bool repair_body(Bytes body, const std::function<bool(const BodyForm&)>& visit);

// The single repairs, each of the whole text. Absent where there is nothing to undo.
std::optional<Bytes> without_leading_line(Bytes body);
std::optional<ByteString> without_double_cr(Bytes text);
std::optional<ByteString> without_from_quoting(Bytes body);         // one ">" off ">...>From "
std::optional<ByteString> without_single_from_quoting(Bytes body);  // only off ">From "
std::optional<ByteString> without_dot_stuffing(Bytes body);
// Absent if some character is not in windows-1252, too.
std::optional<ByteString> utf8_to_latin1(Bytes text);
std::optional<ByteString> latin1_to_utf8(Bytes text);
// Without the first <meta http-equiv="Content-Type" ...>, quoted-printable or not; nth counts the
// ways in which the line around it may have been made, from 0.
std::optional<ByteString> without_meta(Bytes body, unsigned nth);
// The part above the nth marker line from below, from 0.
std::optional<Bytes> without_footer(Bytes body, unsigned nth);

}  // namespace leakfs::dkim
