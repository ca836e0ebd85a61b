// SPDX-License-Identifier: GPL-3.0-or-later
// Writes an index so that it is whole or absent: everything goes to OUTPUT.tmp, which is synced and
// renamed at the end. A lock on OUTPUT.tmp keeps a second writer away.
#pragma once

#include <string>

#include "index/base/error.h"
#include "index/base/file.h"
#include "index/store/heap.h"
#include "index/store/lmdb.h"
#include "index/store/unfinished_file.h"

namespace leakfs::store {

class IndexWriter {
 public:
  // An Error if `output` exists and `replace` is false, if it is no index, if it cannot be written,
  // or if another process is writing it.
  static Result<IndexWriter> create(const std::string& output, bool replace);
  ~IndexWriter();
  IndexWriter(IndexWriter&&) noexcept;
  IndexWriter& operator=(IndexWriter&&) = delete;

  HeapWriter& heap() { return heap_; }
  TableWriter& tables() { return tables_; }

  // Joins tables, heap and seal, syncs, and gives the index its name.
  Result<void> finish(const std::string& program);

 private:
  IndexWriter(std::string output, File lock, UnfinishedFile temporary, TableWriter tables,
              HeapWriter heap);

  std::string output_;
  File lock_;
  UnfinishedFile temporary_;  // goes before its lock does
  TableWriter tables_;
  HeapWriter heap_;
};

}  // namespace leakfs::store
