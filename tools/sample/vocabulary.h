// SPDX-License-Identifier: GPL-3.0-or-later
// The words that names, subjects and sentences are made of. None of it is of any real mail.
//
// In a template, "$t" stands for a topic, "$d" a document, "$p" a place, "$w" a day, "$h" an hour,
// "$n" a first name, "$m" an amount of money, "$k" a small number.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace leakfs::sample {

enum class Language : std::uint8_t { french, english };

struct Vocabulary {
  std::span<const std::string_view> topics;
  std::span<const std::string_view> documents;
  std::span<const std::string_view> places;
  std::span<const std::string_view> days;
  std::span<const std::string_view> greetings;
  std::span<const std::string_view> closings;
  std::span<const std::string_view> subjects;   // templates
  std::span<const std::string_view> sentences;  // templates
};

const Vocabulary& vocabulary(Language language);

std::span<const std::string_view> first_names(Language language);
std::span<const std::string_view> last_names(Language language);

}  // namespace leakfs::sample
