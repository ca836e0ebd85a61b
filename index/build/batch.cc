// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/batch.h"

#include <utility>

namespace leakfs::build {
namespace {
// Bytes of a batch with its last message, as a rule. Growing step by step would copy each batch
// once more.
constexpr std::size_t room = batch_size + (128 << 10);
}  // namespace

void BatchWriter::begin(Bytes from_line) {
  if (bytes_.empty()) bytes_.reserve(room);
  head_at_ = bytes_.size();
  bytes_.append(sizeof(MessageHead), '\0');
  bytes_ += from_line;
  message_at_ = bytes_.size();
}

void BatchWriter::end(MessageHead head) {
  head.length = bytes_.size() - message_at_;
  head.from_line_length = static_cast<std::uint32_t>(message_at_ - head_at_ - sizeof head);
  std::memcpy(bytes_.data() + head_at_, &head, sizeof head);
  ++messages_;
}

ByteString BatchWriter::take() {
  messages_ = 0;
  return std::exchange(bytes_, {});
}

}  // namespace leakfs::build
