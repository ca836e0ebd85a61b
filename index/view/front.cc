// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/view/front.h"

#include "index/base/hex.h"
#include "index/mail/front.h"
#include "index/store/records.h"
#include "index/view/verdict.h"

namespace leakfs::view {

std::string front_of(const records::Message& message, const std::vector<std::string>& sources) {
  using store::text_of;
  mail::Front front;
  front.from = text_of(message.from());
  front.to = text_of(message.to());
  front.cc = text_of(message.cc());
  front.date = message.date();
  if (message.zone_minutes()) front.zone_minutes = *message.zone_minutes();
  front.subject = text_of(message.subject());
  front.message_id = text_of(message.message_id());
  const std::string verified =
      dkim::verified_line(report_of(message), text_of(message.from_address()));
  front.verified = verified;
  const std::string id = to_hex(store::bytes_of(message.sha256()));
  front.id = id;
  front.sources.assign(sources.begin(), sources.end());
  if (message.attachments() != nullptr) {
    for (const records::Attachment* attachment : *message.attachments()) {
      front.attachments.push_back({.part = attachment->part(),
                                   .filename = text_of(attachment->filename()),
                                   .type = text_of(attachment->type()),
                                   .size = attachment->size()});
    }
  }
  if (message.problems() != nullptr) {
    for (const flatbuffers::String* problem : *message.problems()) {
      front.problems.push_back(text_of(problem));
    }
  }
  return mail::render_front(front);
}

}  // namespace leakfs::view
