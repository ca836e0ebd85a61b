// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/attachment.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

namespace leakfs::sample {
namespace {

using namespace std::string_view_literals;

struct Format {
  std::string_view extension;
  std::string_view type;
  std::string_view magic;
  std::uint32_t repeats;  // of 100 blocks, those that were there before
};

// By ContentKind.
constexpr auto formats = std::to_array<Format>({
    {"pdf", "application/pdf", "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", 35},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
     "PK\x03\x04\x14\x00\x06\x00"sv, 8},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     "PK\x03\x04\x14\x00\x06\x00"sv, 8},
    {"doc", "application/msword", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, 80},
    {"jpg", "image/jpeg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"sv, 2},
    {"png", "image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"sv, 4},
    {"zip", "application/zip", "PK\x03\x04\x14\x00\x00\x00\x08\x00"sv, 1},
});

const Format& format_of(ContentKind kind) { return formats[static_cast<std::size_t>(kind)]; }

constexpr auto french_files = std::to_array<std::string_view>({
    "Budget prévisionnel",
    "Compte-rendu",
    "Note de synthèse",
    "devis",
    "Facture",
    "Plan d'accès",
    "Présentation équipe",
    "Liste des invités",
    "Pièce jointe",
    "Relevé d'identité bancaire",
    "Tribune définitive v3",
    "calendrier",
    "photo été",
    "Contrat signé",
    "Sondage février",
    "Éléments de langage",
    "Récapitulatif des dépenses engagées au titre du premier trimestre",
});
constexpr auto english_files = std::to_array<std::string_view>({
    "Budget",
    "Minutes",
    "Quote",
    "Invoice",
    "Floor plan",
    "Guest list",
    "scan",
    "Statement",
    "Final draft v3",
    "calendar",
    "holiday photo",
    "Signed contract",
    "Report",
});

std::string make_filename(ContentKind kind, Language language, Random& random) {
  const std::string_view stem =
      language == Language::french ? random.pick(french_files) : random.pick(english_files);
  const std::string_view extension = format_of(kind).extension;
  switch (random.below(4)) {
    case 0:
      return fmt::format("{}.{}", stem, extension);
    case 1:
      return fmt::format("{} {}.{}", stem, 2009 + random.below(9), extension);
    case 2:
      return fmt::format("{}_{:03}.{}", stem, random.below(1000), extension);
    default:
      return fmt::format("{} ({}).{}", stem, 1 + random.below(9), extension);
  }
}

}  // namespace

Attachment make_attachment(std::uint64_t size, bool is_inline, Language language, Random& random) {
  using enum ContentKind;
  constexpr auto attached =
      std::to_array({pdf, pdf, pdf, pdf, docx, docx, xlsx, xlsx, doc, jpg, jpg, png, zip});
  constexpr auto shown = std::to_array({png, png, jpg});
  Attachment attachment{.size = size, .is_inline = is_inline};
  attachment.kind = is_inline ? random.pick(shown) : random.pick(attached);
  attachment.seed = random.next();
  if (is_inline) {
    attachment.filename =
        fmt::format("image{:03}.{}", 1 + random.below(20), format_of(attachment.kind).extension);
  } else if (!random.percent(1)) {
    attachment.filename = make_filename(attachment.kind, language, random);
  }
  return attachment;
}

std::string_view media_type(ContentKind kind) { return format_of(kind).type; }

ByteString content_of(const Attachment& attachment) {
  constexpr std::size_t block_size = 512;
  const Format& format = format_of(attachment.kind);
  Random random(attachment.seed, Purpose::content);
  ByteString content(attachment.size, '\0');
  std::size_t at = std::min<std::size_t>(format.magic.size(), content.size());
  std::memcpy(content.data(), format.magic.data(), at);
  for (std::size_t block = 0; at < content.size(); ++block) {
    const std::size_t size = std::min(block_size, content.size() - at);
    if (block > 0 && random.percent(format.repeats)) {
      std::memcpy(content.data() + at, content.data() + at - block_size, size);
    } else {
      for (std::size_t i = 0; i < size; i += sizeof(std::uint64_t)) {
        const std::uint64_t word = random.next();
        char bytes[sizeof word];  // little-endian on every machine
        for (std::size_t j = 0; j < sizeof word; ++j) bytes[j] = static_cast<char>(word >> (8 * j));
        std::memcpy(content.data() + at + i, bytes, std::min(sizeof word, size - i));
      }
    }
    at += size;
  }
  return content;
}

}  // namespace leakfs::sample
