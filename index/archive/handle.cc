// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/handle.h"

#include <algorithm>

#include "index/base/utf8.h"

namespace leakfs::archive {

std::string error_text(struct archive* handle) {
  const char* text = archive_error_string(handle);
  if (text == nullptr) return "unknown damage";
  Bytes line = text;
  while (line.ends_with('\n')) line.remove_suffix(1);
  return one_line(line);
}

ByteString clean_path(Bytes path, const std::string& root) {
  ByteString clean = root;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const Bytes component = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (component.empty() || component == ".") continue;
    clean += '/';
    clean += component;
  }
  return clean;
}

Member member_of(struct archive_entry* entry, const std::string& root) {
  Member member;
  // Without a UTF-8 form the name is what the archive holds, byte for byte.
  const char* path = archive_entry_pathname_utf8(entry);
  if (path == nullptr) path = archive_entry_pathname(entry);
  member.path = clean_path(path == nullptr ? "noname" : path, root);
  if (archive_entry_mtime_is_set(entry) != 0) member.mtime = archive_entry_mtime(entry);
  const char* hardlink = archive_entry_hardlink_utf8(entry);
  if (hardlink == nullptr) hardlink = archive_entry_hardlink(entry);
  const char* symlink = archive_entry_symlink_utf8(entry);
  if (symlink == nullptr) symlink = archive_entry_symlink(entry);
  // cpio and pax may keep the bytes with any of the names; with these it is a file.
  if (hardlink != nullptr && archive_entry_size(entry) == 0) {
    member.kind = MemberKind::link;
    member.link_target = clean_path(hardlink, root);
  } else if (archive_entry_filetype(entry) == AE_IFDIR) {
    member.kind = MemberKind::directory;
  } else if (archive_entry_filetype(entry) == AE_IFLNK) {
    member.kind = MemberKind::link;
    member.link_target = symlink == nullptr ? "" : symlink;
  } else if (archive_entry_filetype(entry) != AE_IFREG && archive_entry_filetype(entry) != 0) {
    member.kind = MemberKind::special;
  }
  return member;
}

}  // namespace leakfs::archive
