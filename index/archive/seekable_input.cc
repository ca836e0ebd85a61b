// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/seekable_input.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace leakfs::archive {
namespace {
constexpr std::size_t read_size = 256 << 10;
}

int SeekableInput::open(struct archive* reader) {
  position_ = 0;
  archive_read_set_read_callback(reader, read);
  archive_read_set_seek_callback(reader, seek);
  archive_read_set_skip_callback(reader, skip);
  archive_read_set_callback_data(reader, this);
  return archive_read_open1(reader);
}

la_ssize_t SeekableInput::read(struct archive* reader, void* self, const void** data) {
  auto* input = static_cast<SeekableInput*>(self);
  input->block_.resize(read_size);
  const Result<std::size_t> length =
      input->input_.read_some(input->position_, input->block_.data(), read_size);
  if (!length) {
    archive_set_error(reader, EIO, "%s", length.error().text.c_str());
    return -1;
  }
  input->position_ += *length;
  *data = input->block_.data();
  return static_cast<la_ssize_t>(*length);
}

la_int64_t SeekableInput::seek(struct archive* /*reader*/, void* self, la_int64_t offset,
                               int whence) {
  auto* input = static_cast<SeekableInput*>(self);
  const auto size = static_cast<la_int64_t>(input->input_.size());
  if (whence == SEEK_CUR) offset += static_cast<la_int64_t>(input->position_);
  if (whence == SEEK_END) offset += size;
  if (offset < 0) return ARCHIVE_FATAL;
  if (input->is_seek_refused_ && whence == SEEK_SET) {
    if (!input->refused_seek_) input->refused_seek_ = static_cast<std::uint64_t>(offset);
    return ARCHIVE_FATAL;
  }
  input->position_ = static_cast<std::uint64_t>(offset);
  return offset;
}

la_int64_t SeekableInput::skip(struct archive* /*reader*/, void* self, la_int64_t length) {
  auto* input = static_cast<SeekableInput*>(self);
  const auto left =
      static_cast<la_int64_t>(input->input_.size()) - static_cast<la_int64_t>(input->position_);
  length = std::clamp<la_int64_t>(length, 0, std::max<la_int64_t>(left, 0));
  input->position_ += static_cast<std::uint64_t>(length);
  return length;
}

}  // namespace leakfs::archive
