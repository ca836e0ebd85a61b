// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a message as ranges of its raw bytes; nothing is copied. mimetic's parser runs
// behind this file with our boundary hook, and only for multipart and message/* bodies.
#pragma once

#include <string>
#include <vector>

#include "index/base/bytes.h"
#include "index/mail/header.h"
#include "index/mail/transfer.h"

namespace leakfs::mail {

constexpr int depth_max = 100;  // multipart and message/rfc822 in one counter
constexpr std::size_t parts_max = 10'000;
constexpr std::size_t boundary_size_max = 1000;
constexpr std::size_t message_size_max = 64_MiB;  // a larger one is not parsed

enum class PartKind : std::uint8_t {
  leaf,       // has content of its own
  multipart,  // has children
  message,    // message/rfc822: one child, the attached message's root part
};

// One MIME entity. Its number is its index in Structure::parts, in the order of the message (the
// root is 0); attachments.csv uses it.
struct Part {
  PartKind kind = PartKind::leaf;
  int parent = -1;       // number of the part around it; -1 for the root
  Range header;          // of the entity's header, up to and with the empty line
  Range body;            // after it, without the line end that belongs to the boundary
  std::string type;      // lower case "text/plain"; the default of RFC 2045 §5.2 if there is none
  std::string charset;   // as written, may be empty
  std::string filename;  // decoded UTF-8 as given (hostile), may be empty
  bool is_attachment = false;     // a leaf that its disposition, its name or its type make one
  bool is_shown = false;          // a leaf that a reader sees as text; one with a name may be both
  bool is_format_flowed = false;  // RFC 3676
  bool is_delsp = false;          // RFC 3676 §4.5
  TransferEncoding encoding = TransferEncoding::identity;
};

struct Structure {
  std::vector<Part> parts;  // at least one
  bool is_depth_cut = false;
  bool is_parts_cut = false;
  bool is_parameters_cut = false;
  bool is_unclosed = false;  // a multipart without its closing boundary
};

// `header` is parse_header(message). Never throws; linear.
Structure parse_structure(Bytes message, const Header& header);

}  // namespace leakfs::mail
