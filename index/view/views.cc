// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/view/views.h"

#include <utility>

#include <fmt/format.h>

#include "index/base/civil_time.h"
#include "index/dkim/report.h"
#include "index/mail/name.h"
#include "index/store/records.h"
#include "index/view/attachment_name.h"
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

Paths by_type(const records::Message& /*message*/, const records::Attachment& attachment) {
  return {{mail::type_folder_name(file_name_of(attachment))}};
}

// An attachment is where its message is.
template <Paths (*paths)(const records::Message&)>
Paths of_message(const records::Message& message, const records::Attachment& /*attachment*/) {
  return paths(message);
}

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

struct AttachmentView {
  const char* name;
  Paths (*paths)(const records::Message&, const records::Attachment&);
};

constexpr AttachmentView attachment_views[] = {
    {"by-date", of_message<by_date>},
    {"by-sender", of_message<by_sender>},
    {"by-status", of_message<by_status>},
    {"by-type", by_type},
};

void add_folders(std::vector<FolderPath>& folders, const char* view, Paths paths,
                 records::Naming naming) {
  for (Names& names : paths) {
    names.insert(names.begin(), view);
    folders.push_back({.names = std::move(names), .naming = naming});
  }
}

}  // namespace

std::vector<FolderPath> folders_of(const records::Message& message) {
  std::vector<FolderPath> folders;
  for (const View& view : views) {
    add_folders(folders, view.name, view.paths(message), view.naming);
  }
  return folders;
}

std::vector<FolderPath> attachment_folders_of(const records::Message& message,
                                              const records::Attachment& attachment) {
  std::vector<FolderPath> folders;
  for (const AttachmentView& view : attachment_views) {
    add_folders(folders, view.name, view.paths(message, attachment), records::Naming::attachment);
  }
  return folders;
}

std::vector<std::string> view_names() {
  std::vector<std::string> names;
  for (const View& view : views) names.emplace_back(view.name);
  return names;
}

std::vector<std::string> attachment_view_names() {
  std::vector<std::string> names;
  for (const AttachmentView& view : attachment_views) names.emplace_back(view.name);
  return names;
}

}  // namespace leakfs::view
