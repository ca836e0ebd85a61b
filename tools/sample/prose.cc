// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/prose.h"

#include <algorithm>

#include <fmt/format.h>

namespace leakfs::sample {
namespace {

void append_filled(std::string& out, char slot, Language language, Random& random) {
  const Vocabulary& words = vocabulary(language);
  const bool is_french = language == Language::french;
  switch (slot) {
    case 't':
      out += random.pick(words.topics);
      return;
    case 'd':
      out += random.pick(words.documents);
      return;
    case 'p':
      out += random.pick(words.places);
      return;
    case 'w':
      out += random.pick(words.days);
      return;
    case 'n':
      out += random.pick(first_names(language));
      return;
    case 'k':
      out += fmt::format("{}", 2 + random.below(97));
      return;
    case 'h': {
      const std::uint32_t hour = 8 + random.below(12);
      const std::uint32_t minute = random.below(4) * 15;
      out += fmt::format(fmt::runtime(is_french ? "{}h{:02}" : "{}:{:02}"), hour, minute);
      return;
    }
    case 'm': {
      const std::uint32_t thousands = 1 + random.below(90);
      const std::uint32_t rest = random.below(20) * 50;
      out += is_french ? fmt::format("{} {:03} €", thousands, rest)
                       : fmt::format("EUR {},{:03}", thousands, rest);
      return;
    }
    default:
      out += slot;
  }
}

std::string filled(std::string_view form, Language language, Random& random) {
  std::string text;
  text.reserve(form.size() * 2);
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '$' && i + 1 < form.size()) {
      append_filled(text, form[++i], language, random);
    } else {
      text += form[i];
    }
  }
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text;
}

// Characters, not bytes.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char byte : text) width += (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
  return width;
}

}  // namespace

std::string make_subject(Language language, Random& random) {
  return filled(random.pick(vocabulary(language).subjects), language, random);
}

std::string make_sentence(Language language, Random& random) {
  return filled(random.pick(vocabulary(language).sentences), language, random);
}

Letter make_letter(Language language, Random& random) {
  const Vocabulary& words = vocabulary(language);
  Letter letter;
  letter.greeting = filled(random.pick(words.greetings), language, random);
  const std::uint32_t paragraphs = 1 + random.skewed_below(12);
  for (std::uint32_t i = 0; i < paragraphs; ++i) {
    std::string paragraph = make_sentence(language, random);
    for (std::uint32_t more = random.below(6); more > 0; --more) {
      paragraph += ' ';
      paragraph += make_sentence(language, random);
    }
    letter.paragraphs.push_back(std::move(paragraph));
  }
  letter.closing = filled(random.pick(words.closings), language, random);
  return letter;
}

std::string wrapped(std::string_view text, std::size_t columns, std::string_view prefix) {
  std::string lines;
  lines.reserve(text.size() + text.size() / 16);
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const std::size_t width = width_of(word);
    if (column == 0) {
      lines += prefix;
    } else if (column + 1 + width > columns) {
      lines += "\r\n";
      lines += prefix;
      column = 0;
    } else {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += width;
  }
  if (column > 0) lines += "\r\n";
  return lines;
}

}  // namespace leakfs::sample
