// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/reverify.h"

#include <atomic>

#include "index/build/message_tables.h"
#include "index/store/records.h"
#include "index/store/snapshot.h"
#include "index/store/writer.h"
#include "index/view/source_path.h"

namespace leakfs::build {
namespace {

using store::Table;

constexpr Bytes index_key = "index";
constexpr const char* kept_files[] = {"ERRORS.txt", "catalog/problems.csv"};

class Reverification {
 public:
  Reverification(const store::Snapshot& index, const dkim::Keyring& keyring,
                 store::IndexWriter& writer)
      : index_(index), keyring_(keyring), writer_(writer) {}

  Result<Counts> run(unsigned jobs) {
    index_.keep_content(writer_.heap());
    for (const Table table : {Table::ids, Table::entries, Table::entry_children, Table::streams}) {
      TRY(index_.copy_table(table, writer_.tables()));
    }
    const ByteString dictionary = TRY(index_.record_dictionary());
    const Known known{.path_of = [this](EntryId id) { return path_of(id); },
                      .duplicates = no_duplicates_,
                      .ordinals = no_ordinals_,
                      .record_dictionary = dictionary,
                      .keyring = keyring_,
                      .is_judged_again = true};
    MessageTables messages(known, writer_);
    TRY(messages.write_messages([this] { return next_batch(); }, jobs));
    if (is_path_lost_) return input_error("an entry of the index is damaged");
    const std::uint32_t folders = TRY(messages.write_folders());
    TRY(write_files(messages));
    TRY(write_index(folders));
    return messages.counts();
  }

 private:
  // Called on the threads that complete records.
  std::string path_of(EntryId id) {
    Result<std::string> path = view::path_of(index_, id);
    if (path) return *std::move(path);
    is_path_lost_ = true;
    return {};
  }

  Result<Task> next_batch() {
    for (; next_ < index_.index().messages() && !batch_.is_full(); ++next_) {
      const store::MessageRecord record = TRY(index_.message({next_}));
      batch_.add(record.bytes());
    }
    return batch_.take();
  }

  Result<void> write_files(MessageTables& messages) {
    std::vector<std::string> names;
    if (index_.index().inputs() != nullptr) {
      for (const records::Input* input : *index_.index().inputs()) {
        names.emplace_back(store::text_of(input->name()));
      }
    }
    std::map<std::string, records::FileT> files = TRY(messages.write_files(names, nullptr));
    for (const char* name : kept_files) TRY(keep_file(name, files));
    for (const auto& [name, record] : files) {
      TRY(writer_.tables().append(Table::files, name, store::encode<records::File>(record)));
    }
    return {};
  }

  // What could not be read does not depend on keys.
  Result<void> keep_file(const char* name, std::map<std::string, records::FileT>& files) {
    const auto record = TRY(index_.file(name));
    if (!record || (*record)->frames() == nullptr) return {};
    store::BlockWriter file(writer_.heap());
    for (const records::Frame* frame : *(*record)->frames()) {
      const ByteString block = TRY(index_.block(*frame));
      TRY(file.append(block));
    }
    files[name] = TRY(file.finish());
    return {};
  }

  Result<void> write_index(std::uint32_t folders) {
    records::IndexT record;
    index_.index().UnPackTo(&record);
    record.folders = folders;
    return writer_.tables().append(Table::meta, index_key, store::encode<records::Index>(record));
  }

  const store::Snapshot& index_;
  const dkim::Keyring& keyring_;
  store::IndexWriter& writer_;
  const std::multimap<MessageId, records::Source> no_duplicates_;  // the records have them
  const std::map<MessageId, std::uint8_t> no_ordinals_;
  std::uint32_t next_ = 0;
  BatchOfRecords batch_;
  std::atomic<bool> is_path_lost_ = false;
};

}  // namespace

Result<Counts> reverify(const std::string& path, const dkim::Keyring& keyring, unsigned jobs) {
  const store::Snapshot index = TRY(store::Snapshot::open(path));
  store::IndexWriter writer = TRY(store::IndexWriter::create(path, true));
  Counts counts = TRY_WITHIN(path, Reverification(index, keyring, writer).run(jobs));
  TRY(writer.finish("leakfs " LEAKFS_VERSION));
  return counts;
}

}  // namespace leakfs::build
