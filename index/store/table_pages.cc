// SPDX-License-Identifier: GPL-3.0-or-later
// The format of LMDB 0.9 (lmdb.h, mdb.c) on a machine with 64 bits, little-endian:
//
//   page      [number 8][pad 2][flags 2][lower 2][upper 2][offset of a node 2] ...  free  ... nodes
//             overflow page: [number 8][pad 2][flags 2][pages 4] and bytes without any structure
//   node      leaf:   [size of its data 4][flags 2][size of its key 2][key][data]
//             branch: [page 6, flags being the high bits][size of its key 2][key]
//   database  [pad 4][flags 2][depth 2][branch, leaf, overflow pages 8 each][entries 8][root 8]
//   meta      [magic 4][version 4][address 8][map size 8][two databases][last page 8][transaction
//   8]
//
// Meta pages are pages 0 and 1; the one with the later transaction counts. Its databases are the
// list of free pages and the main one, whose values are the databases that have names.
#include "index/store/table_pages.h"

#include <bit>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include "index/store/lmdb.h"
#include "index/store/seal.h"

namespace leakfs::store {
namespace {

static_assert(std::endian::native == std::endian::little && sizeof(std::size_t) == 8);

constexpr std::size_t header_size = 16;
constexpr std::size_t node_header_size = 8;
constexpr std::size_t database_size = 48;
constexpr std::size_t key_size_max = 511;
constexpr unsigned depth_max = 32;  // of LMDB's cursors

constexpr std::uint16_t branch_page = 1;
constexpr std::uint16_t leaf_page = 2;
constexpr std::uint16_t overflow_page = 4;
constexpr std::uint16_t meta_page = 8;
constexpr std::uint16_t big_data = 1;       // the data is the number of an overflow page
constexpr std::uint16_t database_data = 2;  // the data is a database
constexpr std::uint64_t no_page = UINT64_MAX;

template <typename Number>
Number number_at(const char* bytes) {
  Number number;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

struct Database {
  std::uint16_t flags = 0;
  std::uint16_t depth = 0;
  std::uint64_t entries = 0;
  std::uint64_t root = 0;
};

Database database_at(const char* bytes) {
  return {.flags = number_at<std::uint16_t>(bytes + 4),
          .depth = number_at<std::uint16_t>(bytes + 6),
          .entries = number_at<std::uint64_t>(bytes + 32),
          .root = number_at<std::uint64_t>(bytes + 40)};
}

struct Meta {
  Database free_pages;
  Database main;
  std::uint64_t last_page = 0;
  std::uint64_t transaction = 0;
};

enum class TreeKind : std::uint8_t { free_pages, main, named };

class Walk {
 public:
  explicit Walk(Bytes tables)
      : tables_(tables), pages_(tables.size() / page_size), is_seen_(pages_) {}

  Result<void> run() {
    if (pages_ < 2 || tables_.size() % page_size != 0) return wrong(0, "there are no whole pages");
    const Meta first = TRY(meta(0));
    const Meta second = TRY(meta(1));
    const Meta& meta = first.transaction < second.transaction ? second : first;
    if (meta.last_page + 1 != pages_) return wrong(0, "its last page is another");
    TRY(tree(meta.free_pages, TreeKind::free_pages));
    TRY(tree(meta.main, TreeKind::main));
    // The walk through the main tree has found them.
    for (const Database& database : named_) TRY(tree(database, TreeKind::named));
    return {};
  }

 private:
  // One tree, while it is walked.
  struct Tree {
    TreeKind kind = TreeKind::named;
    unsigned depth = 0;  // of its leaves
    std::uint64_t entries = 0;
    Bytes key;  // the last one
  };

  const char* page(std::uint64_t number) const { return tables_.data() + number * page_size; }

  static std::unexpected<Error> wrong(std::uint64_t page, const char* what) {
    return input_error(fmt::format("the index is damaged (page {} of its tables: {})", page, what),
                       "build it again with mkleakfs --force");
  }

  Result<Meta> meta(std::uint64_t number) {
    constexpr std::uint32_t magic = 0xbeefc0de;
    constexpr std::uint32_t version = 1;
    is_seen_[number] = true;
    const char* at = page(number) + header_size;
    if (number_at<std::uint16_t>(page(number) + 10) != meta_page ||
        number_at<std::uint32_t>(at) != magic || number_at<std::uint32_t>(at + 4) != version) {
      return wrong(number, "it is no start of tables");
    }
    // LMDB maps as much as this says; mkleakfs leaves room for one more growth.
    const auto map_size = number_at<std::uint64_t>(at + 16);
    if (map_size > (tables_.size() / map_growth + 2) * map_growth) {
      return wrong(number, "it asks for too large a map");
    }
    Meta meta{.free_pages = database_at(at + 24),
              .main = database_at(at + 24 + database_size),
              .last_page = number_at<std::uint64_t>(at + 24 + 2 * database_size),
              .transaction = number_at<std::uint64_t>(at + 32 + 2 * database_size)};
    // The first four bytes of this database are the size of a page.
    if (number_at<std::uint32_t>(at + 24) != page_size)
      return wrong(number, "its pages are others");
    if (number_at<std::uint64_t>(at + 8) != 0 || meta.last_page >= pages_) {
      return wrong(number, "a number in it is too large");
    }
    return meta;
  }

  Result<void> tree(const Database& database, TreeKind kind) {
    // Other flags make LMDB read keys and values in other ways.
    const std::uint16_t flags = database.flags & (kind == TreeKind::free_pages ? 0xbff7 : 0xffff);
    if (flags != 0) return wrong(0, "a table is of an unknown kind");
    if (database.root == no_page) {
      return database.entries == 0 ? Result<void>() : wrong(0, "a table has lost its records");
    }
    if (database.depth == 0 || database.depth > depth_max) return wrong(0, "a table is too deep");
    Tree tree{.kind = kind, .depth = database.depth};
    TRY(walk(database.root, 1, tree));
    if (tree.entries != database.entries) return wrong(database.root, "records are missing");
    return {};
  }

  // Recursion ends at the depth of the tree, which has a limit.
  Result<void> walk(std::uint64_t number, unsigned depth, Tree& tree) {
    if (const char* what = take(number, 1)) return wrong(number, what);
    const char* at = page(number);
    const auto flags = number_at<std::uint16_t>(at + 10);
    const auto lower = number_at<std::uint16_t>(at + 12);
    const auto upper = number_at<std::uint16_t>(at + 14);
    if (number_at<std::uint64_t>(at) != number) return wrong(number, "it is another page");
    if (flags != (depth == tree.depth ? leaf_page : branch_page)) {
      return wrong(number, "it is at a wrong depth");
    }
    if (lower < header_size || lower % 2 != 0 || lower > upper || upper > page_size) {
      return wrong(number, "its free space is not within it");
    }
    const std::size_t nodes = (lower - header_size) / 2;
    // LMDB ends the process where a branch has a single way.
    const std::size_t nodes_min = flags == leaf_page || tree.kind == TreeKind::free_pages ? 1 : 2;
    if (nodes < nodes_min) return wrong(number, "it has too few nodes");
    for (std::size_t i = 0; i < nodes; ++i) {
      const auto offset = number_at<std::uint16_t>(at + header_size + 2 * i);
      if (offset < upper || offset % 2 != 0 || offset + node_header_size > page_size) {
        return wrong(number, "a node is not within it");
      }
      const Bytes node(at + offset, page_size - offset);
      if (flags == branch_page) {
        TRY(branch(number, node, depth, tree));
      } else if (const char* what = leaf(node, tree)) {
        return wrong(number, what);
      }
    }
    return {};
  }

  Result<void> branch(std::uint64_t number, Bytes node, unsigned depth, Tree& tree) {
    const std::size_t key_size = number_at<std::uint16_t>(node.data() + 6);
    if (key_size > key_size_max || node_header_size + key_size > node.size()) {
      return wrong(number, "a key is not within it");
    }
    const std::uint64_t child = number_at<std::uint32_t>(node.data()) |
                                std::uint64_t{number_at<std::uint16_t>(node.data() + 4)} << 32;
    return walk(child, depth + 1, tree);
  }

  // What is wrong with a node, or null: there are millions.
  const char* leaf(Bytes node, Tree& tree) {
    const std::size_t size = number_at<std::uint32_t>(node.data());
    const auto flags = number_at<std::uint16_t>(node.data() + 4);
    const std::size_t key_size = number_at<std::uint16_t>(node.data() + 6);
    const std::size_t stored_size = flags == big_data ? sizeof(std::uint64_t) : size;
    if (key_size == 0 || key_size > key_size_max || stored_size > node.size() - node_header_size ||
        key_size > node.size() - node_header_size - stored_size) {
      return "a record is not within it";
    }
    const Bytes key = node.substr(node_header_size, key_size);
    const char* data = key.data() + key.size();
    // The keys of the list of free pages are numbers of another order, and none is empty.
    if (tree.kind != TreeKind::free_pages && tree.key >= key) return "its records are in disorder";
    tree.key = key;
    ++tree.entries;
    if (flags == big_data && tree.kind != TreeKind::main) {
      return overflow(number_at<std::uint64_t>(data), size);
    }
    if (flags != (tree.kind == TreeKind::main ? database_data : 0)) {
      return "a record is of an unknown kind";
    }
    if (tree.kind != TreeKind::main) return nullptr;
    if (size != database_size) return "a table is of an unknown form";
    named_.push_back(database_at(data));
    return nullptr;
  }

  const char* overflow(std::uint64_t number, std::size_t size) {
    const std::uint64_t count = (header_size + size + page_size - 1) / page_size;
    if (const char* what = take(number, count)) return what;
    if (number_at<std::uint64_t>(page(number)) != number ||
        number_at<std::uint16_t>(page(number) + 10) != overflow_page ||
        number_at<std::uint32_t>(page(number) + 12) != count) {
      return "a long record is not where it should be";
    }
    return nullptr;
  }

  // Each page is in one place, so that no tree has a circle.
  const char* take(std::uint64_t number, std::uint64_t count) {
    if (number >= pages_ || count > pages_ - number) return "it leads to a page that is not there";
    for (std::uint64_t i = number; i < number + count; ++i) {
      if (is_seen_[i]) return "a page is in two places";
      is_seen_[i] = true;
    }
    return nullptr;
  }

  const Bytes tables_;
  const std::uint64_t pages_;
  std::vector<bool> is_seen_;
  std::vector<Database> named_;
};

}  // namespace

Result<void> verify_table_pages(Bytes tables) { return Walk(tables).run(); }

}  // namespace leakfs::store
