// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/view/attachment_name.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "index/mail/mime.h"
#include "index/mail/name.h"
#include "index/store/records.h"

namespace leakfs::view {
namespace {

// "_9999_" between NAME and FILENAME.
constexpr std::size_t number_size_max = 6;
static_assert(mail::parts_max <= 10'000);
static_assert(mail::message_name_size_max + number_size_max + mail::file_name_size_max <= 255);

}  // namespace

std::string file_name_of(const records::Attachment& attachment) {
  return mail::attachment_name(store::text_of(attachment.filename()),
                               store::text_of(attachment.type()));
}

std::string attachment_name_of(const records::Message& message,
                               const records::Attachment& attachment) {
  return fmt::format("{}_{}_{}", name_of(message), attachment.part(), file_name_of(attachment));
}

std::vector<NamedAttachment> attachments_in_name(std::string_view name) {
  std::vector<NamedAttachment> found;
  for (std::size_t at = name.find('_'); at != std::string_view::npos; at = name.find('_', at + 1)) {
    std::uint32_t part = 0;
    const char* const end = name.data() + name.size();
    const auto [stop, code] = std::from_chars(name.data() + at + 1, end, part);
    if (code != std::errc() || stop == end || *stop != '_') continue;
    const auto message = id_in_name(name.substr(0, at));
    if (message) found.push_back({.message = *message, .part = part});
  }
  return found;
}

}  // namespace leakfs::view
