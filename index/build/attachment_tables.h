// SPDX-License-Identifier: GPL-3.0-or-later
// The attachments of an index: their numbers, which of them have the same content, and the folders
// below attachments/.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "index/base/error.h"
#include "index/base/ids.h"
#include "index/build/folder_tree.h"
#include "index/store/lmdb.h"
#include "index/store/records_generated.h"

namespace leakfs::build {

class AttachmentTables {
 public:
  AttachmentTables();

  // Messages come in ascending order.
  void add(MessageId id, const records::Message& message);

  // Writes the table and the folders, which are numbered from `root`. The number behind the last
  // folder.
  Result<FolderId> write(FolderId root, store::TableWriter& tables) const;

  std::uint32_t count() const { return static_cast<std::uint32_t>(places_.size()); }
  // Different contents.
  std::uint32_t file_count() const { return static_cast<std::uint32_t>(firsts_.size()); }

 private:
  struct Place {
    MessageId message;
    std::uint32_t index = 0;
    std::uint32_t first = 0;
    std::uint32_t links = 0;       // of a first
    std::optional<UnixTime> date;  // of a first
  };

  FolderTree folders_;
  std::vector<Place> places_;                            // by AttachmentId
  std::map<std::array<char, 32>, AttachmentId> firsts_;  // by SHA-256
};

}  // namespace leakfs::build
