// SPDX-License-Identifier: GPL-3.0-or-later
// The body of a `.txt`: UTF-8, LF, terminal-safe. leakfs-tree(7) shows a whole file.
#pragma once

#include <string>

#include "index/base/bytes.h"
#include "index/mail/mime.h"

namespace leakfs::mail {

// The text/plain parts, or the text of the HTML where a message (or an alternative) has no plain
// text; attached messages follow with their From, To, Date and Subject, indented by "> ". Each
// leaf's charset is converted. Ends with LF unless empty.
std::string render_body(Bytes message, const Structure& structure);

}  // namespace leakfs::mail
