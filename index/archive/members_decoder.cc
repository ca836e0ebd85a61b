// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/members_decoder.h"

#include <algorithm>

#include "index/archive/limits.h"

namespace leakfs::archive {
namespace {
constexpr std::size_t members_memory = 32 << 20;  // libarchive does not tell; 7z at its default
}

std::uint64_t MembersDecoder::input_bytes() const { return reader_.position(); }

std::size_t MembersDecoder::memory() const { return members_memory; }

Result<Bytes> MembersDecoder::next_piece() {
  while (!is_ended_ && (is_in_member_ || next_member())) {
    Bytes bytes;
    const int code = reader_.read(bytes);
    // The limits as in the walk.
    if (code == ARCHIVE_EOF || code < ARCHIVE_WARN || delivered_ + bytes.size() > member_size_max ||
        Limits().is_ratio_exceeded(delivered_ + bytes.size(), input_bytes())) {
      is_in_member_ = false;
    } else if (!bytes.empty()) {
      delivered_ += bytes.size();
      return bytes;
    }
  }
  return Bytes();
}

// As in the walk: a header that cannot be read is passed over.
bool MembersDecoder::next_member() {
  while (!is_ended_) {
    struct archive_entry* entry = nullptr;
    const int code = reader_.next(&entry);
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
