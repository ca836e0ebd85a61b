// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/view/message_name.h"

#include <charconv>

#include "index/base/hex.h"
#include "index/mail/name.h"
#include "index/store/records.h"

namespace leakfs::view {
namespace {
constexpr std::size_t id_digits = 16;
}

std::uint64_t id_of(const records::Message& message) {
  return id_of(store::bytes_of(message.sha256()));
}

std::uint64_t id_of(Bytes sha256) {
  std::uint64_t id = 0;
  for (std::size_t i = 0; i < 8 && i < sha256.size(); ++i) {
    id = id << 8 | static_cast<unsigned char>(sha256[i]);
  }
  return id;
}

std::string id_text(const records::Message& message) {
  std::string text = to_hex(id_of(message));
  if (message.ordinal() > 1) text += "-" + std::to_string(message.ordinal());
  return text;
}

std::string name_of(const records::Message& message) {
  const std::string id = id_text(message);
  mail::MessageNameParts parts;
  parts.date = message.date();
  parts.sender = store::text_of(message.from_address());
  parts.subject = store::text_of(message.subject());
  parts.id = id;
  return mail::message_name(parts);
}

std::string name_in(records::Naming naming, const records::Message& message) {
  return naming == records::Naming::id ? id_text(message) : name_of(message);
}

std::optional<NamedId> id_in_name(std::string_view name) {
  NamedId found;
  const std::size_t dash = name.rfind('-');
  // "-2" to "-255" behind the digits; a dash further left belongs to the subject.
  if (dash != std::string_view::npos && dash >= id_digits && name.size() - dash <= 4) {
    const char* end = name.data() + name.size();
    const auto [stop, code] = std::from_chars(name.data() + dash + 1, end, found.ordinal);
    if (code != std::errc() || stop != end || found.ordinal < 2) return std::nullopt;
    name = name.substr(0, dash);
  }
  if (name.size() < id_digits) return std::nullopt;
  const std::optional<std::uint64_t> id = from_hex(name.substr(name.size() - id_digits));
  if (!id) return std::nullopt;
  found.id = *id;
  return found;
}

}  // namespace leakfs::view
