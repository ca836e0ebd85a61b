// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/finish.h"

#include <algorithm>
#include <climits>

#include "index/build/completion.h"
#include "index/build/folder_tree.h"
#include "index/build/pipeline.h"
#include "index/build/readme.h"
#include "index/store/records.h"
#include "index/view/source_path.h"
#include "index/view/views.h"

namespace leakfs::build {
namespace {

using store::Table;

constexpr std::size_t batch_size = 256 << 10;  // bytes of records that are completed in one task
constexpr unsigned tasks_per_job = 4;          // under way
constexpr Bytes index_key = "index";

// What a limit that a message hit means, by the word in its record.
std::string explain(std::string_view kind) {
  if (kind == "big")
    return "larger than is parsed: its header is indexed, its body is not searched";
  if (kind == "depth") return "parts are nested too deep; the innermost are one";
  if (kind == "parts") return "too many parts; the last holds the rest";
  if (kind == "header") return "the header is too large; its later fields are not indexed";
  if (kind == "field") return "a field is too large; its end is not indexed";
  if (kind == "fields") return "too many header fields; the later ones are not indexed";
  if (kind == "addresses") return "too many addresses in a field; the later ones are not indexed";
  if (kind == "parameters") return "too many parameters in a field; the later ones are ignored";
  if (kind == "signatures") return "too many signatures; the later ones are not judged";
  return "";
}

class Finish {
 public:
  Finish(const FinishRequest& request, store::IndexWriter& writer)
      : request_(request), writer_(writer), catalog_(writer.heap()) {}

  Result<Outcome> run() {
    problems_ = std::move(request_.ingest.problems());
    TRY(request_.ingest.entries().write(writer_.tables()));
    TRY(write_ids());
    TRY(write_messages());
    index_.folders = TRY(folders_.write(writer_.tables()));
    TRY(write_streams());
    TRY(write_files());
    TRY(write_index());
    return Outcome{.counts = catalog_.counts(),
                   .problems = std::move(problems_),
                   .is_partial = index_.is_partial};
  }

 private:
  // The table of ids, and the ordinals of messages whose ids are the same.
  Result<void> write_ids() {
    std::uint8_t ordinal = 1;
    std::optional<std::uint64_t> previous;
    for (const auto& [id, message] : request_.collector.ids()) {
      ordinal = id == previous ? static_cast<std::uint8_t>(std::min(ordinal + 1, UCHAR_MAX)) : 1;
      if (ordinal > 1) ordinals_[message] = ordinal;
      TRY(writer_.tables().append(Table::ids, store::bytes_of(store::key_of(id, ordinal)),
                                  store::bytes_of(store::key_of(message.raw))));
      previous = id;
    }
    return {};
  }

  // Records are completed side by side and written in their order.
  Result<void> write_messages() {
    const ByteString& dictionary = request_.collector.record_dictionary();
    const records::Frame place = TRY(writer_.heap().append(store::encode_dictionary(dictionary)));
    index_.record_dictionary = std::make_unique<records::Frame>(place);
    const Known known{.entries = request_.ingest.entries(),
                      .duplicates = request_.collector.duplicates(),
                      .ordinals = ordinals_,
                      .record_dictionary = dictionary};
    Pipeline pipeline(request_.jobs, [&known] { return make_completion(known); });
    TRY(request_.spool.rewind());
    std::uint32_t read = 0;
    unsigned under_way = 0;
    while (true) {
      for (; under_way < tasks_per_job * request_.jobs; ++under_way) {
        Task task = TRY(next_batch(read));
        if (task.bytes.empty() || !pipeline.submit(std::move(task))) break;
      }
      if (under_way == 0) return {};
      const std::optional<Task> done = pipeline.next();
      if (!done) return internal_error("the build was stopped");
      --under_way;
      TRY(write_completed(done->bytes));
    }
  }

  // The next records of the spool, numbered from `read` on; empty at its end.
  Result<Task> next_batch(std::uint32_t& read) {
    Task task;
    while (task.bytes.size() < batch_size) {
      const std::optional<ByteString> record = TRY(request_.spool.next());
      if (!record) break;
      append_head(task.bytes, RecordHead{.message = {read++},
                                         .length = static_cast<std::uint32_t>(record->size())});
      task.bytes += *record;
    }
    return task;
  }

  Result<void> write_completed(Bytes bytes) {
    FlatReader reader(bytes);
    while (const std::optional<CompletedHead> head = reader.head<CompletedHead>()) {
      // A copy, for it has to be aligned.
      const ByteString record(reader.bytes(head->record_length));
      const Bytes frame = reader.bytes(head->frame_length);
      const CatalogRows rows{.messages = std::string(reader.bytes(head->messages_length)),
                             .attachments = std::string(reader.bytes(head->attachments_length)),
                             .signatures = std::string(reader.bytes(head->signatures_length)),
                             .sums = std::string(reader.bytes(head->sums_length))};
      const auto& message = *flatbuffers::GetRoot<records::Message>(record.data());
      for (const view::FolderPath& path : view::folders_of(message)) {
        folders_.add(head->message, message.date(), path);
      }
      add_problems(message);
      TRY(catalog_.add(message, rows));
      TRY(writer_.tables().append(Table::messages,
                                  store::bytes_of(store::key_of(head->message.raw)), frame));
      ++index_.messages;
    }
    return {};
  }

  void add_problems(const records::Message& message) {
    if (message.problems() == nullptr && message.ordinal() == 1) return;
    const records::Source& first = *message.sources()->Get(0);
    const std::string source =
        view::source_text(request_.ingest.entries().path_of({first.entry()}), first);
    if (message.problems() != nullptr) {
      for (const flatbuffers::String* kind : *message.problems()) {
        const std::string_view word = store::text_of(kind);
        problems_.push_back({.source = source, .kind = std::string(word), .detail = explain(word)});
      }
    }
    if (message.ordinal() > 1) {
      problems_.push_back({.source = source,
                           .kind = "id",
                           .detail = "another message has the same first 64 bits of SHA-256"});
    }
  }

  Result<void> write_streams() {
    for (const archive::StreamPlan& plan : request_.ingest.streams()) {
      records::StreamT record;
      record.kind = static_cast<std::uint8_t>(plan.kind);
      record.input = plan.input;
      record.offset = plan.offset;
      record.stored_length = plan.stored_length;
      record.length = plan.length;
      record.frames = request_.collector.blocks({index_.streams});
      TRY(writer_.tables().append(Table::streams, store::bytes_of(store::key_of(index_.streams)),
                                  store::encode<records::Stream>(record)));
      ++index_.streams;
    }
    return {};
  }

  Result<void> write_files() {
    std::map<std::string, records::FileT> files = TRY(catalog_.finish(problems_));
    std::vector<std::string> names;
    for (const archive::InputSummary& summary : request_.summaries) names.push_back(summary.name);
    store::BlockWriter file(writer_.heap());
    TRY(file.append(readme(names, catalog_.counts())));
    files["README.txt"] = TRY(file.finish());
    if (const std::string text = errors(problems_); !text.empty()) {
      TRY(file.append(text));
      files["ERRORS.txt"] = TRY(file.finish());
    }
    for (const auto& [name, record] : files) {
      TRY(writer_.tables().append(Table::files, name, store::encode<records::File>(record)));
    }
    return {};
  }

  Result<void> write_index() {
    index_.program = request_.program;
    index_.built = request_.built;
    index_.entries = static_cast<std::uint32_t>(request_.ingest.entries().size());
    index_.is_partial = std::ranges::any_of(problems_, &Problem::is_loss);
    index_.text_dictionary = std::make_unique<records::Frame>(request_.collector.text_dictionary());
    for (std::size_t i = 0; i < request_.inputs.size(); ++i) {
      index_.inputs.push_back(input_record(request_.inputs[i], request_.summaries[i].name));
    }
    return writer_.tables().append(Table::meta, index_key, store::encode<records::Index>(index_));
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
  Catalog catalog_;
  FolderTree folders_;
  std::map<MessageId, std::uint8_t> ordinals_;  // those above 1
  std::vector<Problem> problems_;
  records::IndexT index_;
};

}  // namespace

Result<Outcome> finish(const FinishRequest& request, store::IndexWriter& writer) {
  return Finish(request, writer).run();
}

}  // namespace leakfs::build
