// SPDX-License-Identifier: GPL-3.0-or-later
// What a MIME entity's own header says about it. Private to the folder.
#pragma once

#include <string>

#include "index/mail/header.h"
#include "index/mail/mime.h"

namespace leakfs::mail {

struct Entity {
  Part part;             // kind, type, charset, name and encoding are set; places are not
  std::string boundary;  // of a multipart
  bool is_parameters_cut = false;
};

// `is_in_digest`: the default type is message/rfc822 (RFC 2046 §5.1.5).
Entity describe_entity(const Header& header, bool is_in_digest);

// Makes a leaf of what cannot have children after all.
void make_leaf(Part& part);

}  // namespace leakfs::mail
