// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/name.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "index/base/hex.h"
#include "index/base/utf8.h"
#include "index/crypto/digest.h"
#include "index/mail/ascii.h"
#include "index/mail/unicode.h"

namespace leakfs::mail {
namespace {

constexpr std::size_t extension_size_max = 16;  // with its dot; what is longer is no extension
constexpr std::size_t folder_hash_size = 9;     // "~" and 8 digits

// What one ASCII character becomes: itself, '-' (white space) or '_'.
constexpr std::array<char, 128> ascii_name = [] {
  std::array<char, 128> table = {};
  table.fill('_');
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789@+=,._~-")) {
    table[static_cast<unsigned char>(c)] = c;
  }
  for (const char c : std::string_view(" \t\n\v\f\r")) table[static_cast<unsigned char>(c)] = '-';
  return table;
}();

// Letters by their category, but nothing to see: two names would look the same.
bool is_invisible_letter(char32_t c) {
  return c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0;
}

// The rule of safe_name() but for the start of the name.
std::string filtered(std::string_view text) {
  std::string name;
  name.reserve(text.size());
  bool was_space = false;
  while (!text.empty()) {
    const char c = text.front();
    if (static_cast<unsigned char>(c) < 0x80) {
      const bool is_space = is_white(c);
      if (!is_space || !was_space) name += ascii_name[static_cast<unsigned char>(c)];
      was_space = is_space;
      text.remove_prefix(1);
      continue;
    }
    const DecodedCharacter next = decode_utf8(text);
    const bool is_space = next.is_valid && is_white_space(next.character);
    if (is_space) {
      if (!was_space) name += '-';
    } else if (next.is_valid && is_word_character(next.character) &&
               !is_invisible_letter(next.character)) {
      name += text.substr(0, next.length);
    } else {
      name += '_';
    }
    was_space = is_space;
    text.remove_prefix(next.length);
  }
  return name;
}

// Where the extension starts; the size of the name if it has none.
std::size_t extension_offset(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name.size() - dot > extension_size_max) {
    return name.size();
  }
  return dot;
}

std::string cut_before_extension(std::string_view name, std::size_t size_max) {
  if (name.size() <= size_max) return std::string(name);
  const std::string_view extension = name.substr(extension_offset(name));
  std::string cut(cut_utf8(name, size_max - extension.size()));
  cut += extension;
  return cut;
}

bool ends_like_hash(std::string_view name) {
  if (name.size() < folder_hash_size) return false;
  const std::string_view end = name.substr(name.size() - folder_hash_size);
  return end.front() == '~' && std::ranges::all_of(end.substr(1), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

struct TypeExtension {
  std::string_view type;
  std::string_view extension;
};

// What people attach without a name; everything else is .bin.
constexpr TypeExtension type_extensions[] = {
    {"application/gzip", "gz"},
    {"application/ics", "ics"},
    {"application/json", "json"},
    {"application/ms-tnef", "tnef"},
    {"application/msword", "doc"},
    {"application/pdf", "pdf"},
    {"application/pgp-encrypted", "asc"},
    {"application/pgp-keys", "asc"},
    {"application/pgp-signature", "asc"},
    {"application/pkcs7-mime", "p7m"},
    {"application/pkcs7-signature", "p7s"},
    {"application/postscript", "ps"},
    {"application/rtf", "rtf"},
    {"application/vnd.ms-excel", "xls"},
    {"application/vnd.ms-powerpoint", "ppt"},
    {"application/vnd.ms-tnef", "tnef"},
    {"application/vnd.oasis.opendocument.spreadsheet", "ods"},
    {"application/vnd.oasis.opendocument.text", "odt"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    {"application/x-pkcs7-mime", "p7m"},
    {"application/x-pkcs7-signature", "p7s"},
    {"application/x-zip-compressed", "zip"},
    {"application/xml", "xml"},
    {"application/zip", "zip"},
    {"audio/mpeg", "mp3"},
    {"audio/wav", "wav"},
    {"image/bmp", "bmp"},
    {"image/gif", "gif"},
    {"image/jpeg", "jpg"},
    {"image/jpg", "jpg"},
    {"image/png", "png"},
    {"image/svg+xml", "svg"},
    {"image/tiff", "tif"},
    {"image/webp", "webp"},
    {"message/rfc822", "eml"},
    {"text/calendar", "ics"},
    {"text/csv", "csv"},
    {"text/html", "html"},
    {"text/plain", "txt"},
    {"text/vcard", "vcf"},
    {"text/x-patch", "patch"},
    {"text/x-vcard", "vcf"},
    {"text/xml", "xml"},
    {"video/mp4", "mp4"},
    {"video/mpeg", "mpg"},
    {"video/quicktime", "mov"},
};
static_assert(std::ranges::is_sorted(type_extensions, {}, &TypeExtension::type));

std::string_view extension_of(std::string_view type) {
  const auto* found = std::ranges::lower_bound(type_extensions, type, {}, &TypeExtension::type);
  return found != std::end(type_extensions) && found->type == type ? found->extension : "bin";
}

std::string message_date(std::optional<UnixTime> date) {
  if (!date) return "0000-00-00_00.00.00";
  const CivilTime civil = to_civil(*date);
  return fmt::format("{:04}-{:02}-{:02}_{:02}.{:02}.{:02}", civil.year, civil.month, civil.day,
                     civil.hour, civil.minute, civil.second);
}

// A name for every message is made at each listing, so no text is looked at further than it can
// be shown.
std::string_view start_of(std::string_view text) {
  return cut_utf8(text, 8 * message_name_size_max);
}

}  // namespace

std::string safe_name(std::string_view text) {
  std::string name = is_ascii(text) ? filtered(text) : filtered(to_nfc(text));
  name.erase(0, std::min(name.find_first_not_of(".-~"), name.size()));
  return name;
}

std::string message_name(const MessageNameParts& parts) {
  std::string sender = safe_name(start_of(parts.sender));
  if (sender.empty()) sender = "unknown";
  if (sender.size() > sender_size_max) {
    sender = cut_utf8(sender, sender_size_max - 1);
    sender += '~';
  }
  std::string name = message_date(parts.date);
  name.reserve(message_name_size_max);
  name += '_';
  name += sender;
  const std::size_t rest = name.size() + parts.id.size() + 2;  // two "_"
  const std::string subject = safe_name(start_of(parts.subject));
  if (!subject.empty() && rest < message_name_size_max) {
    name += '_';
    name += cut_utf8(subject, message_name_size_max - rest);
  }
  name += '_';
  name += parts.id;
  return name;
}

std::string folder_name(std::string_view text) {
  std::string name = safe_name(text);
  // A text that ends like a hash gets one too, or it could claim another's folder.
  if (!name.empty() && name == text && name.size() <= folder_name_size_max &&
      !ends_like_hash(name)) {
    return name;
  }
  if (name.empty()) name = "_";
  name = cut_utf8(name, folder_name_size_max - folder_hash_size);
  name += '~';
  name += to_hex(crypto::sha256(text).bytes().substr(0, 4));
  return name;
}

std::string attachment_name(std::string_view filename, std::string_view type) {
  if (const std::size_t slash = filename.find_last_of("/\\"); slash != std::string_view::npos) {
    filename.remove_prefix(slash + 1);
  }
  const std::string name = safe_name(filename);
  if (name.find_first_not_of('_') == std::string::npos) {
    return fmt::format("noname.{}", extension_of(type));
  }
  return cut_before_extension(name, file_name_size_max);
}

std::string type_folder_name(std::string_view file_name) {
  std::string_view extension = file_name.substr(extension_offset(file_name));
  if (extension.starts_with('.')) extension.remove_prefix(1);
  // It may begin as no name should.
  std::string name = safe_name(to_lower(extension));
  return name.empty() ? "none" : name;
}

std::string member_name(std::string_view component) {
  std::string name;
  name.reserve(component.size());
  if (component == "." || component == "..") return std::string(component.size(), '_');
  while (!component.empty()) {
    const DecodedCharacter next = decode_utf8(component);
    const char32_t c = next.character;
    const bool is_kept = next.is_valid && c >= 0x20 && c != '/' && !is_unsafe_on_terminal(c) &&
                         (c < 0x80 || !is_format_character(c));
    if (is_kept) {
      name += component.substr(0, next.length);
    } else {
      name += '_';
    }
    component.remove_prefix(next.length);
  }
  if (name.empty()) return "_";
  return cut_before_extension(name, member_name_size_max);
}

}  // namespace leakfs::mail
