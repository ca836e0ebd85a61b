// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/record_rules.h"

#include <cstdlib>

#include <fmt/format.h>

#include "index/store/records.h"

namespace leakfs::store {
namespace {

constexpr std::uint64_t number_max = INT64_MAX;           // off_t is signed
constexpr std::int64_t date_end = std::int64_t{1} << 32;  // in 2106; other dates count as none
constexpr int zone_minutes_max = 24 * 60;
constexpr std::size_t sha256_size = 32;
constexpr std::uint8_t stream_kind_max = 9;  // archive::StreamKind::zip_member

std::unexpected<Error> wrong(const char* kind, std::uint32_t number, const char* what) {
  return input_error(fmt::format("the index is damaged ({} {}: {})", kind, number, what),
                     "build it again with mkleakfs --force");
}

bool is_range(std::uint64_t offset, std::uint64_t length) {
  return offset <= number_max && length <= number_max - offset;
}

bool is_date(flatbuffers::Optional<std::int64_t> date) {
  return !date || (*date >= 0 && *date < date_end);
}

bool is_attachment(const records::Attachment& attachment) {
  return bytes_of(attachment.sha256()).size() == sha256_size && attachment.size() <= number_max &&
         is_range(attachment.offset(), attachment.length());
}

}  // namespace

Result<void> check_rules(const records::Message& message, std::uint32_t number) {
  if (bytes_of(message.sha256()).size() != sha256_size) {
    return wrong("message", number, "it has no SHA-256");
  }
  const int zone = message.zone_minutes() ? *message.zone_minutes() : 0;
  if (!is_date(message.date()) || std::abs(zone) > zone_minutes_max) {
    return wrong("message", number, "its date is none");
  }
  if (message.text_size() > text_size_max ||
      message.front_size() > text_size_max - message.text_size() ||
      message.evidence_size() > number_max) {
    return wrong("message", number, "it is too large");
  }
  if (message.sources() == nullptr || message.sources()->size() == 0) {
    return wrong("message", number, "it has no source");
  }
  for (const records::Source* source : *message.sources()) {
    if (!is_range(source->extent().offset(), source->extent().length())) {
      return wrong("message", number, "its source is beyond any file");
    }
  }
  if (message.attachments() == nullptr) return {};
  for (const records::Attachment* attachment : *message.attachments()) {
    if (!is_attachment(*attachment)) return wrong("message", number, "it has a wrong attachment");
  }
  return {};
}

Result<void> check_rules(const records::AttachmentPlace& place, std::uint32_t number) {
  if (place.first() > number) return wrong("attachment", number, "the first one is behind it");
  if (!is_date(place.date())) return wrong("attachment", number, "its date is none");
  return {};
}

Result<void> check_rules(const records::Folder& folder, std::uint32_t number) {
  if (folder.naming() > records::Naming::attachment) {
    return wrong("folder", number, "its files have unknown names");
  }
  // Numbers grow from a folder to those within, so that none is within itself.
  if (folder.children() > 0 &&
      (folder.first_child() <= number || folder.children() > UINT32_MAX - folder.first_child())) {
    return wrong("folder", number, "it is within itself");
  }
  if (!is_date(folder.newest())) return wrong("folder", number, "its date is none");
  return {};
}

Result<void> check_rules(const records::Entry& entry, std::uint32_t number) {
  if (entry.kind() > records::EntryKind::special) {
    return wrong("entry", number, "it is of an unknown kind");
  }
  if (number > 0 && entry.parent() >= number) return wrong("entry", number, "it is within itself");
  if (entry.extent() != nullptr && !is_range(entry.extent()->offset(), entry.extent()->length())) {
    return wrong("entry", number, "it is beyond any file");
  }
  return {};
}

Result<void> check_rules(const records::Stream& stream, std::uint32_t number) {
  if (stream.kind() > stream_kind_max) return wrong("stream", number, "it is of an unknown kind");
  if (stream.is_nested() && stream.input() >= number) {
    return wrong("stream", number, "it is within itself");
  }
  if (!is_range(stream.offset(), stream.stored_length()) || stream.length() > number_max) {
    return wrong("stream", number, "it is beyond any file");
  }
  return {};
}

}  // namespace leakfs::store
