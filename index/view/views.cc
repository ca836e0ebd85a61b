// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/view/views.h"

#include <fmt/format.h>

#include "index/base/civil_time.h"
#include "index/dkim/report.h"
#include "index/mail/name.h"
#include "index/store/records.h"
#include "index/view/message_name.h"

namespace leakfs::view {
namespace {

using Names = std::vector<std::string>;
using Paths = std::vector<Names>;

// Each function gives the paths below its view.

Paths by_date(const records::Message& message) {
  if (!message.date()) return {{"undated"}};
  const CivilTime day = to_civil(*message.date());
  return {{fmt::format("{:04}", day.year), fmt::format("{:02}", day.month),
           fmt::format("{:02}", day.day)}};
}

Paths by_sender(const records::Message& message) {
  const std::string_view address = store::text_of(message.from_address());
  if (address.empty()) return {{"unknown"}};
  return {{mail::folder_name(address)}};
}

Paths by_status(const records::Message& message) {
  std::string month = "undated";
  if (message.date()) {
    const CivilTime day = to_civil(*message.date());
    month = fmt::format("{:04}-{:02}", day.year, day.month);
  }
  if (static_cast<dkim::Status>(message.status()) != dkim::Status::verified) {
    const auto reason = static_cast<dkim::Reason>(message.reason());
    return {{"unverified", std::string(dkim::word(reason)), month}};
  }
  Paths paths;
  if (message.domains() != nullptr) {
    for (const flatbuffers::String* domain : *message.domains()) {
      paths.push_back({"verified", mail::folder_name(store::text_of(domain)), month});
    }
  }
  return paths;
}

Paths by_id(const records::Message& message) { return {{id_text(message).substr(0, 2)}}; }

struct View {
  const char* name;
  Paths (*paths)(const records::Message&);
  records::Naming naming;
};

constexpr View views[] = {
    {"by-date", by_date, records::Naming::full},
    {"by-id", by_id, records::Naming::id},
    {"by-sender", by_sender, records::Naming::full},
    {"by-status", by_status, records::Naming::full},
};

}  // namespace

std::vector<FolderPath> folders_of(const records::Message& message) {
  std::vector<FolderPath> folders;
  for (const View& view : views) {
    for (Names& names : view.paths(message)) {
      names.insert(names.begin(), view.name);
      folders.push_back({.names = std::move(names), .naming = view.naming});
    }
  }
  return folders;
}

std::vector<std::string> view_names() {
  std::vector<std::string> names;
  for (const View& view : views) names.emplace_back(view.name);
  return names;
}

}  // namespace leakfs::view
