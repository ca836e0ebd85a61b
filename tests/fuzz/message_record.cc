// SPDX-License-Identifier: GPL-3.0-or-later
// The record of a message in an index that somebody else made, and all that is made of it.
#include <algorithm>

#include "index/base/file_name.h"
#include "index/base/utf8.h"
#include "index/mail/transfer_range.h"
#include "index/store/record_rules.h"
#include "index/store/records.h"
#include "index/view/attachment_name.h"
#include "index/view/evidence.h"
#include "index/view/front.h"
#include "index/view/message_name.h"
#include "tests/fuzz/target.h"

using leakfs::Bytes;
using leakfs::fuzz::require;
namespace records = leakfs::records;
namespace view = leakfs::view;

namespace {

void check_attachment(const records::Message& message, const records::Attachment& attachment) {
  require(leakfs::is_file_name(view::attachment_name_of(message, attachment)),
          "the name of an attachment is that of a file");
  const leakfs::mail::TransferLayout layout{
      .encoding = static_cast<leakfs::mail::TransferEncoding>(attachment.encoding()),
      .line_size = attachment.line_size(),
      .line_end_size = attachment.line_end_size()};
  for (const std::uint64_t offset : {std::uint64_t{0}, attachment.size() / 2, attachment.size()}) {
    leakfs::mail::encoded_range(layout, offset, 4096);
  }
  leakfs::mail::decode_transfer("dGV4dA==\n", layout.encoding);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto record =
      leakfs::store::MessageRecord::from(leakfs::ByteString(leakfs::fuzz::bytes_of(data, size)));
  if (!record || !leakfs::store::check_rules(**record, 0)) return 0;
  const records::Message& message = **record;
  for (const records::Naming naming : {records::Naming::full, records::Naming::id}) {
    require(leakfs::is_file_name(view::name_in(naming, message) + ".txt"),
            "the name of a message is that of a file");
  }
  if (message.attachments() != nullptr) {
    for (const records::Attachment* attachment : *message.attachments()) {
      check_attachment(message, *attachment);
    }
  }
  const std::string front = view::front_of(message, {"leak.tar/1.eml"});
  require(front == leakfs::terminal_safe(front), "a front is safe on a terminal");
  const view::Evidence evidence("sel._domainkey.example.org. IN TXT \"v=DKIM1; p=\"\n");
  evidence.text(message, {"leak.tar/1.eml"}, "From: a@example.org\r\nSubject: x\r\n\r\nbody\r\n");
  return 0;
}
