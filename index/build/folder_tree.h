// SPDX-License-Identifier: GPL-3.0-or-later
// The folders of the views, filled with messages, or with attachments, in the order of the archive.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "index/base/civil_time.h"
#include "index/base/error.h"
#include "index/base/ids.h"
#include "index/store/lmdb.h"
#include "index/view/views.h"

namespace leakfs::build {

class FolderTree {
 public:
  // `views` are the folders that exist even when they are empty.
  explicit FolderTree(const std::vector<std::string>& views);
  ~FolderTree();

  // `number` is that of a message or of an attachment; numbers come in ascending order.
  void add(std::uint32_t number, std::optional<UnixTime> date, const view::FolderPath& path);

  // Numbers the folders from that of the root, so that subfolders of one are consecutive and
  // sorted, and writes the tables. The number behind the last.
  Result<FolderId> write(FolderId root, store::TableWriter& tables) const;

 private:
  struct Folder;
  std::unique_ptr<Folder> root_;
};

}  // namespace leakfs::build
