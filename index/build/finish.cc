// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/finish.h"

#include <algorithm>
#include <climits>

#include "index/build/completion.h"
#include "index/build/message_tables.h"
#include "index/build/problem_records.h"
#include "index/store/records.h"

namespace leakfs::build {
namespace {

using store::Table;

class Finish {
 public:
  Finish(const FinishRequest& request, store::IndexWriter& writer)
      : request_(request), writer_(writer) {}

  Result<Outcome> run() {
    TRY(request_.inventory.entries().write(writer_.tables()));
    TRY(write_ids());
    TRY(write_record_dictionary());
    const EntryTree& entries = request_.inventory.entries();
    const Known known{.path_of = [&entries](EntryId id) { return entries.path_of(id); },
                      .duplicates = request_.collector.duplicates(),
                      .ordinals = ordinals_,
                      .record_dictionary = request_.collector.record_dictionary(),
                      .keyring = request_.keys.keyring};
    MessageTables messages(known, request_.slots, writer_);
    TRY(request_.spool.rewind());
    TRY(messages.write_messages([this] { return next_batch(); }, request_.jobs));
    index_.messages = static_cast<std::uint32_t>(messages.counts().messages);
    TRY(messages.write_folders(index_));
    TRY(write_streams());
    std::vector<Problem> problems = request_.keys.problems;
    problems.insert(problems.end(), request_.inventory.problems().begin(),
                    request_.inventory.problems().end());
    problems.insert(problems.end(), messages.problems().begin(), messages.problems().end());
    index_.is_partial = std::ranges::any_of(problems, &Problem::is_loss);
    std::vector<std::string> names;
    for (const archive::InputSummary& summary : request_.inventory.inputs())
      names.push_back(summary.name);
    TRY(messages.write_files(names, problems));
    TRY(write_index());
    TRY(write_problems(request_.inventory.problems(), writer_.tables()));
    return Outcome{.counts = messages.counts(),
                   .problems = std::move(problems),
                   .is_partial = index_.is_partial};
  }

 private:
  // The table of ids, and the ordinals of messages whose ids are the same.
  Result<void> write_ids() {
    std::uint8_t ordinal = 1;
    std::optional<std::uint64_t> previous;
    for (const auto& [id, message] : request_.collector.take_ids()) {
      ordinal = id == previous ? static_cast<std::uint8_t>(std::min(ordinal + 1, UCHAR_MAX)) : 1;
      if (ordinal > 1) ordinals_[message] = ordinal;
      TRY(writer_.tables().append(Table::ids, store::bytes_of(store::key_of(id, ordinal)),
                                  store::bytes_of(store::key_of(message.raw))));
      previous = id;
    }
    return {};
  }

  // All that is in the heap before this depends on no verdict.
  Result<void> write_record_dictionary() {
    const ByteString& dictionary = request_.collector.record_dictionary();
    const records::Frame place = TRY(writer_.heap().append(store::encode_dictionary(dictionary)));
    index_.record_dictionary = std::make_unique<records::Frame>(place);
    index_.content_length = writer_.heap().size();
    return {};
  }

  // The next records of the spool; empty at its end.
  Result<ByteString> next_batch() {
    while (!batch_.is_full()) {
      const std::optional<ByteString> record = TRY(request_.spool.next());
      if (!record) break;
      batch_.add(*record);
    }
    return batch_.take();
  }

  Result<void> write_streams() {
    for (const archive::StreamPlan& plan : request_.inventory.streams()) {
      records::StreamT record;
      record.kind = static_cast<std::uint8_t>(plan.kind);
      record.input = plan.input;
      record.is_nested = plan.is_nested;
      record.offset = plan.offset;
      record.stored_length = plan.stored_length;
      record.length = plan.length;
      TRY(writer_.tables().append(Table::streams, store::bytes_of(store::key_of(index_.streams)),
                                  store::encode<records::Stream>(record)));
      ++index_.streams;
    }
    for (const auto& [stream, points] : request_.collector.points()) {
      for (const auto& [offset, point] : points) {
        TRY(writer_.tables().append(Table::points,
                                    store::bytes_of(store::point_key(stream.raw, offset)),
                                    store::encode<records::Point>(point)));
      }
    }
    return request_.inventory.sums().write(writer_.tables());
  }

  Result<void> write_index() {
    index_.program = request_.program;
    index_.built = request_.built;
    index_.entries = static_cast<std::uint32_t>(request_.inventory.entries().size());
    index_.text_dictionary = std::make_unique<records::Frame>(request_.collector.text_dictionary());
    for (std::size_t i = 0; i < request_.inputs.size(); ++i) {
      index_.inputs.push_back(
          input_record(request_.inputs[i], request_.inventory.inputs()[i].name));
    }
    return writer_.tables().append(Table::meta, store::index_key,
                                   store::encode<records::Index>(index_));
  }

  static std::unique_ptr<records::InputT> input_record(const InputFile& file,
                                                       const std::string& name) {
    auto input = std::make_unique<records::InputT>();
    input->name = name;
    input->path = file.path;
    input->is_directory = file.is_directory;
    const archive::Fingerprint& print = file.fingerprint;
    input->size = print.size;
    input->edges.assign(print.edges.begin(), print.edges.end());
    input->samples.assign(print.samples.begin(), print.samples.end());
    return input;
  }

  const FinishRequest& request_;
  store::IndexWriter& writer_;
  std::map<MessageId, std::uint8_t> ordinals_;  // those above 1
  BatchOfRecords batch_;
  records::IndexT index_;
};

}  // namespace

Result<Outcome> finish(const FinishRequest& request, store::IndexWriter& writer) {
  return Finish(request, writer).run();
}

}  // namespace leakfs::build
