// SPDX-License-Identifier: GPL-3.0-or-later
// Subjects and paragraphs that read like office mail.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/sample/random.h"
#include "tools/sample/vocabulary.h"

namespace leakfs::sample {

// One line, its first letter a capital, without "Re:".
std::string make_subject(Language language, Random& random);

std::string make_sentence(Language language, Random& random);

struct Letter {
  std::string greeting;
  std::vector<std::string> paragraphs;  // at least one
  std::string closing;
};
Letter make_letter(Language language, Random& random);

// The text in lines of at most `columns` characters (more where a word is longer), each after
// `prefix`, with CRLF. No line starts or ends with a blank of its own.
std::string wrapped(std::string_view text, std::size_t columns, std::string_view prefix);

}  // namespace leakfs::sample
