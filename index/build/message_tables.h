// SPDX-License-Identifier: GPL-3.0-or-later
// What an index says of its messages, verdicts and all: their records, their folders, the catalog.
// Written at the end of a build, and again when the verdicts change.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "index/base/error.h"
#include "index/base/problem.h"
#include "index/build/attachment_tables.h"
#include "index/build/catalog.h"
#include "index/build/completion.h"
#include "index/build/folder_tree.h"
#include "index/build/slots.h"
#include "index/store/writer.h"

namespace leakfs::build {

// Batches records for completion, numbered from 0 in their order.
class BatchOfRecords {
 public:
  // `frame` as in RecordHead.
  void add(Bytes record, Bytes frame = {});
  bool is_full() const;
  ByteString take();

 private:
  std::uint32_t next_ = 0;
  ByteString bytes_;
};

class MessageTables {
 public:
  // All outlive this. The slots are free.
  MessageTables(const Known& known, Slots& slots, store::IndexWriter& writer);

  // Completes the records that `next_batch` gives, side by side, and writes them in their order; it
  // gives an empty batch at the end.
  Result<void> write_messages(const std::function<Result<ByteString>()>& next_batch, unsigned jobs);
  // After the messages. Folders and attachments, and in `index` how many there are.
  Result<void> write_folders(records::IndexT& index);
  // The files of the catalog, README.txt and ERRORS.txt. `inputs` are the names of the archives.
  Result<void> write_files(const std::vector<std::string>& inputs,
                           const std::vector<Problem>& problems);

  // Limits that messages hit, and ids that are the same.
  const std::vector<Problem>& problems() const { return problems_; }
  const Counts& counts() const { return catalog_.counts(); }

 private:
  Result<void> write_completed(Bytes bytes);
  void add_problems(const records::Message& message);
  void note_keys(const records::Message& message);
  std::string key_zone() const;

  const Known& known_;
  Slots& slots_;
  store::IndexWriter& writer_;
  Catalog catalog_;
  FolderTree folders_;
  AttachmentTables attachments_;
  std::vector<Problem> problems_;
  std::set<std::pair<std::string, std::string>> keys_;  // selector and domain of those on file
};

}  // namespace leakfs::build
