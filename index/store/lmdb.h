// SPDX-License-Identifier: GPL-3.0-or-later
// Named, sorted tables in an LMDB file. LMDB is behind this file.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "index/base/bytes.h"
#include "index/base/error.h"

namespace leakfs::store {

// Bytes of address space, not of memory, by which the map of a file that is written grows.
constexpr std::size_t map_growth = 1_GiB;

// The tables of an index; leakfs-index(5) describes them.
enum class Table : std::uint8_t {
  meta,
  messages,
  ids,
  folders,
  folder_messages,
  entries,
  entry_children,
  streams,
  points,
  files,
  attachments,
  sums,
};
constexpr std::size_t table_count = 12;

// The keys of the table meta.
constexpr Bytes index_key = "index";
constexpr Bytes problems_key = "problems";

// Keys: big-endian, so that LMDB's order is ours.
std::array<char, 4> key_of(std::uint32_t number);
std::array<char, 9> key_of(std::uint64_t id, std::uint8_t ordinal);
std::array<char, 12> point_key(std::uint32_t stream, std::uint64_t offset);
template <std::size_t size>
Bytes bytes_of(const std::array<char, size>& key) {
  return {key.data(), key.size()};
}
std::uint32_t load_be32(const char* bytes);
std::uint64_t load_be64(const char* bytes);

// The tables of an index being read. Safe from several threads.
class TableReader {
 public:
  // `descriptor` is the open index, whose first `length` bytes passed verify_table_pages(); it may
  // be closed after.
  static Result<TableReader> open(int descriptor, std::uint64_t length);
  ~TableReader();
  TableReader(TableReader&&) noexcept;
  TableReader& operator=(TableReader&&) noexcept;

  // A view into the mapped file, valid as long as the reader: the file never changes.
  Result<std::optional<Bytes>> get(Table table, Bytes key) const;
  // The record of the greatest key that is not above a key, if there is one, and the least key
  // above, if there is one.
  struct Around {
    std::optional<std::pair<Bytes, Bytes>> floor;
    std::optional<Bytes> next_key;
  };
  Result<Around> around(Table table, Bytes key) const;
  // Every record in key order, until the visitor fails.
  Result<void> for_each(Table table,
                        const std::function<Result<void>(Bytes key, Bytes value)>& visit) const;
  // The number of records.
  Result<std::uint64_t> count(Table table) const;
  // An Error once a page of the tables was not there to be read: the file was cut, or its disk
  // fails. Views that were given before may show zeros then.
  Result<void> check_readable() const;

 private:
  struct State;
  explicit TableReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The tables of an index being built. Records must come in key order, per table. Used by one
// thread.
class TableWriter {
 public:
  // Creates the file at `path`, mode 0600.
  static Result<TableWriter> create(const std::string& path);
  ~TableWriter();
  TableWriter(TableWriter&&) noexcept;
  TableWriter& operator=(TableWriter&&) noexcept;

  Result<void> append(Table table, Bytes key, Bytes value);
  // Writes everything and closes. The length of the pages in use, in bytes.
  Result<std::uint64_t> finish();

 private:
  struct State;
  explicit TableWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace leakfs::store
