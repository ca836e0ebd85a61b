// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/members_decoder.h"

#include <algorithm>

#include "index/archive/limits.h"

namespace leakfs::archive {
namespace {
constexpr std::size_t members_memory = 32 << 20;  // libarchive does not tell; 7z at its default
}

ReaderHandle seekable_reader() {
  ReaderHandle reader(archive_read_new());
  archive_read_support_format_7zip(reader.get());
  archive_read_support_format_rar(reader.get());
  archive_read_support_format_rar5(reader.get());
  archive_read_support_format_iso9660(reader.get());
  return reader;
}

Result<std::unique_ptr<codec::Decoder>> MembersDecoder::open(const codec::Input& input) {
  std::unique_ptr<MembersDecoder> decoder(new MembersDecoder(input));
  if (decoder->input_.open(decoder->reader_.get()) != ARCHIVE_OK) {
    return input_error(error_text(decoder->reader_.get()), damaged_hint);
  }
  return decoder;
}

std::uint64_t MembersDecoder::input_bytes() const {
  return static_cast<std::uint64_t>(
      std::max<la_int64_t>(0, archive_filter_bytes(reader_.get(), -1)));
}

std::size_t MembersDecoder::memory() const { return members_memory; }

Result<Bytes> MembersDecoder::next_piece() {
  while (!is_ended_ && (is_in_member_ || next_member())) {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int code = archive_read_data_block(reader_.get(), &data, &size, &offset);
    if (code == ARCHIVE_RETRY) continue;
    // The limits as in the walk.
    if (code == ARCHIVE_EOF || code < ARCHIVE_WARN || delivered_ + size > member_size_max ||
        Limits().is_ratio_exceeded(delivered_ + size, input_bytes())) {
      is_in_member_ = false;
    } else if (size > 0) {
      delivered_ += size;
      return Bytes(static_cast<const char*>(data), size);
    }
  }
  return Bytes();
}

// As in the walk: a header that cannot be read is passed over.
bool MembersDecoder::next_member() {
  while (!is_ended_) {
    struct archive_entry* entry = nullptr;
    const int code = archive_read_next_header(reader_.get(), &entry);
    if (code == ARCHIVE_EOF || code == ARCHIVE_FATAL) is_ended_ = true;
    if (is_ended_ || code == ARCHIVE_RETRY || code == ARCHIVE_FAILED) continue;
    if (member_of(entry, "").kind != MemberKind::file) continue;
    is_in_member_ = true;
    delivered_ = 0;
    return true;
  }
  return false;
}

}  // namespace leakfs::archive
