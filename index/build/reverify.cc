// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/reverify.h"

#include <algorithm>
#include <utility>

#include "index/base/file.h"
#include "index/build/message_tables.h"
#include "index/build/problem_records.h"
#include "index/store/records.h"
#include "index/store/snapshot.h"
#include "index/store/writer.h"
#include "index/view/source_path.h"

namespace leakfs::build {
namespace {

using store::Table;

class Rewriting {
 public:
  Rewriting(const store::Snapshot& index, const LoadedKeys& keys, Slots& slots,
            store::IndexWriter& writer)
      : index_(index), keys_(keys), slots_(slots), writer_(writer) {}

  Result<Outcome> run(unsigned jobs) {
    index_.keep_content(writer_.heap());
    for (const Table table : {Table::ids, Table::entries, Table::entry_children, Table::streams,
                              Table::points, Table::sums}) {
      TRY(index_.copy_table(table, writer_.tables()));
    }
    const ByteString dictionary = TRY(index_.record_dictionary());
    const Known known{.path_of = [this](EntryId id) { return path_of(id); },
                      .duplicates = no_duplicates_,
                      .ordinals = no_ordinals_,
                      .record_dictionary = dictionary,
                      .keyring = keys_.keyring,
                      .is_judged_again = true};
    MessageTables messages(known, slots_, writer_);
    TRY(messages.write_messages([this] { return next_batch(); }, jobs));
    records::IndexT record;
    index_.index().UnPackTo(&record);
    TRY(messages.write_folders(record));
    // What was wrong with the input stays wrong; what messages say of themselves came anew.
    const std::vector<Problem> kept = TRY(read_problems(index_));
    std::vector<Problem> problems = keys_.problems;
    problems.insert(problems.end(), kept.begin(), kept.end());
    problems.insert(problems.end(), messages.problems().begin(), messages.problems().end());
    TRY(messages.write_files(input_names(), problems));
    record.is_partial = std::ranges::any_of(problems, &Problem::is_loss);
    TRY(writer_.tables().append(Table::meta, store::index_key,
                                store::encode<records::Index>(record)));
    TRY(write_problems(kept, writer_.tables()));
    return Outcome{.counts = messages.counts(),
                   .problems = std::move(problems),
                   .is_partial = record.is_partial};
  }

 private:
  std::string path_of(EntryId id) const {
    Result<std::string> path = view::path_of(index_, id);
    return path ? *std::move(path) : std::string();
  }

  // Those that complete the record cannot say so.
  Result<void> check_paths(const records::Message& message) const {
    if (message.sources() == nullptr || message.sources()->size() == 0) {
      return input_error("a message of the index is nowhere");
    }
    for (const records::Source* source : *message.sources()) {
      TRY(view::path_of(index_, {source->entry()}));
    }
    return {};
  }

  Result<ByteString> next_batch() {
    for (; next_ < index_.index().messages() && !batch_.is_full(); ++next_) {
      const store::MessageRecord record = TRY(index_.message({next_}));
      TRY(check_paths(*record));
      const Bytes frame = TRY(index_.message_frame({next_}));
      batch_.add(record.bytes(), frame);
    }
    return batch_.take();
  }

  std::vector<std::string> input_names() const {
    std::vector<std::string> names;
    if (index_.index().inputs() == nullptr) return names;
    for (const records::Input* input : *index_.index().inputs()) {
      names.emplace_back(store::text_of(input->name()));
    }
    return names;
  }

  const store::Snapshot& index_;
  const LoadedKeys& keys_;
  Slots& slots_;
  store::IndexWriter& writer_;
  const std::multimap<MessageId, records::Source> no_duplicates_;  // the records have them
  const std::map<MessageId, std::uint8_t> no_ordinals_;
  std::uint32_t next_ = 0;
  BatchOfRecords batch_;
};

}  // namespace

struct Reverification::State {
  std::string path;
  LoadedKeys keys;
  store::Snapshot index;
  store::IndexWriter writer;
  Slots slots;
  unsigned jobs;
};

Reverification::Reverification(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reverification::Reverification(Reverification&&) noexcept = default;
Reverification& Reverification::operator=(Reverification&&) noexcept = default;
Reverification::~Reverification() = default;

Result<Reverification> Reverification::open(const std::string& path, const KeyFiles& files,
                                            unsigned jobs, ProgressListener& listener) {
  LoadedKeys keys = TRY(load_keys(files, listener));
  store::Snapshot index = TRY(store::Snapshot::open(path));
  store::IndexWriter writer = TRY(store::IndexWriter::create(path, true));
  Slots slots = TRY(Slots::create(jobs));
  return Reverification(std::make_unique<State>(State{.path = path,
                                                      .keys = std::move(keys),
                                                      .index = std::move(index),
                                                      .writer = std::move(writer),
                                                      .slots = std::move(slots),
                                                      .jobs = jobs}));
}

sandbox::Needs Reverification::needs() const {
  return {.starts_processes = true,
          .writes_files = true,
          .replaceable_in = {directory_of(state_->path)}};
}

Result<Outcome> Reverification::run() {
  Rewriting rewriting(state_->index, state_->keys, state_->slots, state_->writer);
  Outcome outcome = TRY_WITHIN(state_->path, rewriting.run(state_->jobs));
  TRY_WITHIN(state_->path, state_->index.check_readable());
  TRY(state_->writer.finish("leakfs " LEAKFS_VERSION));
  return outcome;
}

}  // namespace leakfs::build
