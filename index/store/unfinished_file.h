// SPDX-License-Identifier: GPL-3.0-or-later
// The one file of this process that must not outlive it unless it is finished, however it ends:
// but for SIGKILL and a crash, after which the next process that writes it takes it over.
#pragma once

#include <string>

namespace leakfs::store {

// Removed by its destructor, and by SIGINT, SIGTERM and SIGHUP, which then end the process as they
// would have. One at a time.
class UnfinishedFile {
 public:
  explicit UnfinishedFile(const std::string& path);
  UnfinishedFile(UnfinishedFile&& other) noexcept;
  UnfinishedFile& operator=(UnfinishedFile&&) = delete;
  ~UnfinishedFile();

  // It is about to be finished: it stays.
  void keep();

 private:
  bool is_unfinished_ = true;
};

}  // namespace leakfs::store
