// SPDX-License-Identifier: GPL-3.0-or-later
// The files of catalog/, filled message by message in the order of the archive; leakfs-tree(7)
// lists their columns.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "index/base/civil_time.h"
#include "index/base/error.h"
#include "index/base/problem.h"
#include "index/build/catalog_rows.h"
#include "index/build/missing_keys.h"
#include "index/store/heap.h"
#include "index/store/records_generated.h"

namespace leakfs::build {

// What the catalog adds up to.
struct Counts {
  std::uint64_t messages = 0;
  std::uint64_t sources = 0;  // places in the archive, duplicates included
  std::uint64_t attachments = 0;
  std::uint64_t senders = 0;
  std::uint64_t verified = 0;
  std::map<std::string, std::uint64_t> reasons;  // of the unverified
  std::optional<UnixTime> first;
  std::optional<UnixTime> last;
};

class Catalog {
 public:
  explicit Catalog(store::HeapWriter& heap);

  // `rows` are those of `message`.
  Result<void> add(const records::Message& message, const CatalogRows& rows);

  // Ends the files. By their names below the root.
  Result<std::map<std::string, records::FileT>> finish(const std::vector<Problem>& problems);

  const Counts& counts() const { return counts_; }

 private:
  struct Sender {
    std::string name;
    std::uint64_t messages = 0;
    std::uint64_t verified = 0;
    std::optional<UnixTime> first;
    std::optional<UnixTime> last;
  };

  Result<void> start();
  void count(const records::Message& message);
  Result<records::FileT> senders();
  Result<records::FileT> problems(const std::vector<Problem>& problems);

  store::HeapWriter& heap_;
  bool is_started_ = false;
  store::BlockWriter messages_;
  store::BlockWriter attachments_;
  store::BlockWriter signatures_;
  store::BlockWriter sums_;
  std::unordered_map<std::string, Sender> senders_;
  MissingKeys missing_keys_;
  Counts counts_;
};

}  // namespace leakfs::build
