// SPDX-License-Identifier: GPL-3.0-or-later
// Reading: MDB_RDONLY | MDB_NOLOCK on a file that never changes, so a value stays where it is for
// as long as the environment is open, whatever becomes of the transaction that found it.
// Writing: appended in transactions of bounded size, for dirty pages live in memory.
#include "index/store/lmdb.h"

#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <lmdb.h>
#include <unistd.h>

#include "index/store/fault_guard.h"
#include "index/store/seal.h"

namespace leakfs::store {
namespace {

constexpr std::size_t transaction_size_max = 32 << 20;  // bytes of values before a commit

constexpr const char* name_of[table_count] = {
    "meta",           "messages", "ids",    "folders", "folder_messages", "entries",
    "entry_children", "streams",  "points", "files",   "attachments",     "sums"};

MDB_val value_of(Bytes bytes) { return {bytes.size(), const_cast<char*>(bytes.data())}; }

// LMDB's own codes are negative, the system's positive.
std::unexpected<Error> damaged(int code) {
  return input_error(code > 0 ? code : EIO,
                     std::string("the index: ") + (code > 0 ? "LMDB" : mdb_strerror(code)));
}

std::unexpected<Error> unreadable() {
  return input_error(EIO, "the index was cut while it was in use, or its disk fails",
                     "build it again with mkleakfs --force");
}

// Thrown through LMDB, where it would end the process: a page that was cut off while it was in use
// is what it takes for a bug.
struct AssertionFailed {};

void fail_assertion(MDB_env* /*environment*/, const char* /*message*/) { throw AssertionFailed(); }

template <typename Call>
int guarded(Call call) {
  try {
    return call();
  } catch (const AssertionFailed&) {
    return MDB_CORRUPTED;
  }
}

std::unexpected<Error> unwritten(int code) {
  if (code > 0) return output_error(code, "the index");
  return output_error(std::string("the index: ") + mdb_strerror(code));
}

}  // namespace

std::array<char, 4> key_of(std::uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16),
          static_cast<char>(number >> 8), static_cast<char>(number)};
}

std::array<char, 9> key_of(std::uint64_t id, std::uint8_t ordinal) {
  std::array<char, 9> key;
  for (std::size_t i = 0; i < 8; ++i) key[i] = static_cast<char>(id >> (56 - 8 * i));
  key[8] = static_cast<char>(ordinal);
  return key;
}

std::array<char, 12> point_key(std::uint32_t stream, std::uint64_t offset) {
  std::array<char, 12> key;
  for (std::size_t i = 0; i < 4; ++i) key[i] = static_cast<char>(stream >> (24 - 8 * i));
  for (std::size_t i = 0; i < 8; ++i) key[4 + i] = static_cast<char>(offset >> (56 - 8 * i));
  return key;
}

std::uint32_t load_be32(const char* bytes) {
  const auto byte = [bytes](int i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
}

std::uint64_t load_be64(const char* bytes) {
  return static_cast<std::uint64_t>(load_be32(bytes)) << 32 | load_be32(bytes + 4);
}

struct TableReader::State {
  MDB_env* environment = nullptr;
  std::array<MDB_dbi, table_count> tables = {};
  std::mutex mutex;            // guards `idle`
  std::vector<MDB_txn*> idle;  // LMDB allows a transaction one thread at a time
  std::optional<FaultGuard> guard;

  ~State() {
    guard.reset();
    for (MDB_txn* transaction : idle) mdb_txn_abort(transaction);
    if (environment != nullptr) mdb_env_close(environment);
  }

  Result<MDB_txn*> acquire() {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        MDB_txn* transaction = idle.back();
        idle.pop_back();
        return transaction;
      }
    }
    MDB_txn* transaction = nullptr;
    if (const int code = mdb_txn_begin(environment, nullptr, MDB_RDONLY, &transaction); code != 0) {
      return damaged(code);
    }
    return transaction;
  }

  void release(MDB_txn* transaction) {
    const std::lock_guard lock(mutex);
    idle.push_back(transaction);
  }

  // LMDB does not tell where it mapped the file; but a page has its number at its start.
  int guard_mapping(MDB_txn* transaction, std::uint64_t length) {
    MDB_dbi main = 0;
    int code = mdb_dbi_open(transaction, nullptr, 0, &main);
    MDB_val key = value_of(name_of[0]);
    MDB_val value = {};
    if (code == 0) code = mdb_get(transaction, main, &key, &value);
    if (code != 0) return code;
    const auto* record = static_cast<const char*>(value.mv_data);
    const char* page = record - reinterpret_cast<std::uintptr_t>(record) % page_size;
    std::size_t number = 0;
    std::memcpy(&number, page, sizeof number);
    guard.emplace(Bytes(page - number * page_size, length));
    return 0;
  }
};

TableReader::TableReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
TableReader::~TableReader() = default;
TableReader::TableReader(TableReader&&) noexcept = default;
TableReader& TableReader::operator=(TableReader&&) noexcept = default;

Result<TableReader> TableReader::open(int descriptor, std::uint64_t length) {
  auto state = std::make_unique<State>();
  const FaultGuard opening;
  int code = mdb_env_create(&state->environment);
  if (code == 0) code = mdb_env_set_assert(state->environment, fail_assertion);
  if (code == 0) code = mdb_env_set_maxdbs(state->environment, table_count);
  // By descriptor, so that it is the file whose seal was checked.
  const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  if (code == 0) {
    code = guarded([&] {
      return mdb_env_open(state->environment, path.c_str(),
                          MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK | MDB_NOTLS | MDB_NORDAHEAD, 0);
    });
  }
  // LMDB leaves its file open in programs that are started, such as fusermount3.
  int own_descriptor = -1;
  if (code == 0) code = mdb_env_get_fd(state->environment, &own_descriptor);
  if (code != 0) return damaged(code);
  ::fcntl(own_descriptor, F_SETFD, FD_CLOEXEC);
  MDB_txn* transaction = TRY(state->acquire());
  const char* missing = name_of[0];
  code = guarded([&] { return state->guard_mapping(transaction, length); });
  for (std::size_t i = 0; i < table_count && code == 0; ++i) {
    missing = name_of[i];
    code = guarded([&] { return mdb_dbi_open(transaction, missing, 0, &state->tables[i]); });
  }
  // Handles opened in a transaction become the environment's when it commits.
  if (code == 0) {
    code = mdb_txn_commit(transaction);
  } else {
    mdb_txn_abort(transaction);
  }
  if (opening.has_faulted()) return unreadable();
  if (code == MDB_NOTFOUND) {
    return input_error(std::string("the index is damaged (it has no table ") + missing + ")",
                       "build it again with mkleakfs --force");
  }
  if (code != 0) return damaged(code);
  return TableReader(std::move(state));
}

Result<std::optional<Bytes>> TableReader::get(Table table, Bytes key) const {
  MDB_txn* transaction = TRY(state_->acquire());
  MDB_val key_value = value_of(key);
  MDB_val value = {};
  const int code = guarded([&] {
    return mdb_get(transaction, state_->tables[static_cast<std::size_t>(table)], &key_value,
                   &value);
  });
  state_->release(transaction);
  TRY(check_readable());
  if (code == MDB_NOTFOUND) return std::nullopt;
  if (code != 0) return damaged(code);
  return Bytes(static_cast<const char*>(value.mv_data), value.mv_size);
}

Result<TableReader::Around> TableReader::around(Table table, Bytes wanted) const {
  MDB_txn* transaction = TRY(state_->acquire());
  MDB_cursor* cursor = nullptr;
  int code = mdb_cursor_open(transaction, state_->tables[static_cast<std::size_t>(table)], &cursor);
  Around around;
  MDB_val key = value_of(wanted);
  MDB_val value = {};
  const auto bytes_of_value = [](const MDB_val& of) {
    return Bytes(static_cast<const char*>(of.mv_data), of.mv_size);
  };
  const auto move = [&](MDB_cursor_op to) {
    return guarded([&] { return mdb_cursor_get(cursor, &key, &value, to); });
  };
  if (code == 0) code = move(MDB_SET_RANGE);
  if (code == 0 && bytes_of_value(key) == wanted) {
    around.floor = {bytes_of_value(key), bytes_of_value(value)};
    code = move(MDB_NEXT);
    if (code == 0) around.next_key = bytes_of_value(key);
  } else if (code == 0 || code == MDB_NOTFOUND) {
    if (code == 0) around.next_key = bytes_of_value(key);
    code = move(code == 0 ? MDB_PREV : MDB_LAST);
    if (code == 0) around.floor = {bytes_of_value(key), bytes_of_value(value)};
  }
  if (cursor != nullptr) mdb_cursor_close(cursor);
  state_->release(transaction);
  TRY(check_readable());
  if (code != 0 && code != MDB_NOTFOUND) return damaged(code);
  return around;
}

Result<void> TableReader::for_each(Table table,
                                   const std::function<Result<void>(Bytes, Bytes)>& visit) const {
  MDB_txn* transaction = TRY(state_->acquire());
  MDB_cursor* cursor = nullptr;
  int code = mdb_cursor_open(transaction, state_->tables[static_cast<std::size_t>(table)], &cursor);
  Result<void> visited;
  MDB_val key = {};
  MDB_val value = {};
  while (code == 0 && visited) {
    code = guarded([&] { return mdb_cursor_get(cursor, &key, &value, MDB_NEXT); });
    if (code != 0) break;
    visited = visit({static_cast<const char*>(key.mv_data), key.mv_size},
                    {static_cast<const char*>(value.mv_data), value.mv_size});
  }
  if (cursor != nullptr) mdb_cursor_close(cursor);
  state_->release(transaction);
  TRY(check_readable());
  if (code != 0 && code != MDB_NOTFOUND) return damaged(code);
  return visited;
}

Result<void> TableReader::check_readable() const {
  if (!state_->guard || !state_->guard->has_faulted()) return {};
  return unreadable();
}

Result<std::uint64_t> TableReader::count(Table table) const {
  MDB_txn* transaction = TRY(state_->acquire());
  MDB_stat statistics = {};
  const int code =
      mdb_stat(transaction, state_->tables[static_cast<std::size_t>(table)], &statistics);
  state_->release(transaction);
  if (code != 0) return damaged(code);
  return statistics.ms_entries;
}

struct TableWriter::State {
  MDB_env* environment = nullptr;
  MDB_txn* transaction = nullptr;
  std::array<MDB_dbi, table_count> tables = {};
  std::size_t pending = 0;  // bytes since the last commit

  ~State() {
    if (transaction != nullptr) mdb_txn_abort(transaction);
    if (environment != nullptr) mdb_env_close(environment);
  }

  // Makes sure that the map has room for one more transaction; none may be open.
  int grow() {
    MDB_envinfo info = {};
    mdb_env_info(environment, &info);
    const std::size_t used = (info.me_last_pgno + 1) * page_size;
    if (used + map_growth / 2 < info.me_mapsize) return 0;
    return mdb_env_set_mapsize(environment, (used / map_growth + 2) * map_growth);
  }

  int begin() {
    int code = grow();
    if (code == 0) code = mdb_txn_begin(environment, nullptr, 0, &transaction);
    pending = 0;
    return code;
  }

  int commit() { return mdb_txn_commit(std::exchange(transaction, nullptr)); }
};

TableWriter::TableWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
TableWriter::~TableWriter() = default;
TableWriter::TableWriter(TableWriter&&) noexcept = default;
TableWriter& TableWriter::operator=(TableWriter&&) noexcept = default;

Result<TableWriter> TableWriter::create(const std::string& path) {
  auto state = std::make_unique<State>();
  int code = mdb_env_create(&state->environment);
  if (code == 0) code = mdb_env_set_maxdbs(state->environment, table_count);
  if (code == 0) code = mdb_env_set_mapsize(state->environment, map_growth);
  // Nobody else sees the file before it is whole: no locks, and one sync at the end.
  if (code == 0) {
    code = mdb_env_open(state->environment, path.c_str(),
                        MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC | MDB_NOTLS, 0600);
  }
  if (code == 0) code = state->begin();
  for (std::size_t i = 0; i < table_count && code == 0; ++i) {
    code = mdb_dbi_open(state->transaction, name_of[i], MDB_CREATE, &state->tables[i]);
  }
  if (code != 0) return unwritten(code);
  return TableWriter(std::move(state));
}

Result<void> TableWriter::append(Table table, Bytes key, Bytes value) {
  if (state_->pending > transaction_size_max) {
    int code = state_->commit();
    if (code == 0) code = state_->begin();
    if (code != 0) return unwritten(code);
  }
  state_->pending += key.size() + value.size() + sizeof(MDB_val);
  MDB_val key_value = value_of(key);
  MDB_val data = value_of(value);
  const int code = mdb_put(state_->transaction, state_->tables[static_cast<std::size_t>(table)],
                           &key_value, &data, MDB_APPEND);
  if (code != 0) return unwritten(code);
  return {};
}

Result<std::uint64_t> TableWriter::finish() {
  if (const int code = state_->commit(); code != 0) return unwritten(code);
  MDB_envinfo info = {};
  mdb_env_info(state_->environment, &info);
  if (const int code = mdb_env_sync(state_->environment, 1); code != 0) return unwritten(code);
  mdb_env_close(std::exchange(state_->environment, nullptr));
  return (info.me_last_pgno + 1) * page_size;
}

}  // namespace leakfs::store
