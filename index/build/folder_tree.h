// SPDX-License-Identifier: GPL-3.0-or-later
// The folders of the views, filled message by message in the order of the archive.
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
  FolderTree();
  ~FolderTree();

  // Messages come in ascending order.
  void add(MessageId message, std::optional<UnixTime> date, const view::FolderPath& path);

  // Numbers the folders so that subfolders of one are consecutive and sorted, and writes the
  // tables. The number of folders.
  Result<std::uint32_t> write(store::TableWriter& tables) const;

 private:
  struct Folder;
  std::unique_ptr<Folder> root_;
};

}  // namespace leakfs::build
