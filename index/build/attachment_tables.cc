// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/attachment_tables.h"

#include <algorithm>

#include "index/store/records.h"
#include "index/view/views.h"

namespace leakfs::build {

AttachmentTables::AttachmentTables() : folders_(view::attachment_view_names()) {}

void AttachmentTables::add(MessageId id, const records::Message& message) {
  if (message.attachments() == nullptr) return;
  std::uint32_t index = 0;
  for (const records::Attachment* attachment : *message.attachments()) {
    const std::uint32_t number = count();
    std::array<char, 32> content = {};
    const Bytes sha256 = store::bytes_of(attachment->sha256()).substr(0, content.size());
    std::ranges::copy(sha256, content.begin());
    const AttachmentId first = firsts_.try_emplace(content, AttachmentId{number}).first->second;
    places_.push_back({.message = id, .index = index++, .first = first.raw});
    if (first.raw == number) places_.back().date = message.date();
    for (const view::FolderPath& path : view::attachment_folders_of(message, *attachment)) {
      folders_.add(number, message.date(), path);
      ++places_[first.raw].links;
    }
  }
}

Result<FolderId> AttachmentTables::write(FolderId root, store::TableWriter& tables) const {
  for (std::uint32_t number = 0; number < count(); ++number) {
    const Place& place = places_[number];
    records::AttachmentPlaceT record;
    record.message = place.message.raw;
    record.index = place.index;
    record.first = place.first;
    record.links = places_[place.first].links;
    record.date = places_[place.first].date;
    const auto key = store::key_of(number);
    TRY(tables.append(store::Table::attachments, store::bytes_of(key),
                      store::encode<records::AttachmentPlace>(record)));
  }
  return folders_.write(root, tables);
}

}  // namespace leakfs::build
