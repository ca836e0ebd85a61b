// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/finish.h"

#include <algorithm>
#include <climits>
#include <cstdlib>

#include "index/archive/fingerprint.h"
#include "index/build/folder_tree.h"
#include "index/build/readme.h"
#include "index/build/worker.h"
#include "index/store/records.h"
#include "index/view/front.h"
#include "index/view/message_name.h"
#include "index/view/source_path.h"
#include "index/view/views.h"

namespace leakfs::build {
namespace {

using store::Table;

constexpr std::size_t sample_size = 2
                                    << 20;  // bytes of records that their dictionary is trained on
constexpr int record_level = 3;
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
    std::vector<std::pair<std::uint64_t, MessageId>> ids;
    ids.reserve(request_.collector.messages());
    ByteString sample;
    std::vector<std::size_t> sample_sizes;
    TRY(request_.spool.rewind());
    while (const std::optional<ByteString> record = TRY(request_.spool.next())) {
      const auto* message = flatbuffers::GetRoot<records::Message>(record->data());
      ids.emplace_back(view::id_of(*message), MessageId{static_cast<std::uint32_t>(ids.size())});
      if (sample.size() < sample_size) {
        sample += *record;
        sample_sizes.push_back(record->size());
      }
    }
    train(sample, sample_sizes);
    std::ranges::sort(ids);
    std::uint8_t ordinal = 1;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const bool is_same = i > 0 && ids[i].first == ids[i - 1].first;
      ordinal = is_same ? static_cast<std::uint8_t>(std::min(ordinal + 1, UCHAR_MAX)) : 1;
      if (ordinal > 1) ordinals_[ids[i].second] = ordinal;
      TRY(writer_.tables().append(Table::ids, store::bytes_of(store::key_of(ids[i].first, ordinal)),
                                  store::bytes_of(store::key_of(ids[i].second.raw))));
    }
    return {};
  }

  void train(Bytes sample, const std::vector<std::size_t>& sizes) {
    std::vector<Bytes> samples;
    for (const std::size_t size : sizes) {
      samples.push_back(sample.substr(0, size));
      sample.remove_prefix(size);
    }
    record_dictionary_ = store::train_dictionary(samples);
  }

  Result<void> write_messages() {
    const records::Frame place =
        TRY(writer_.heap().append(store::encode_dictionary(record_dictionary_)));
    index_.record_dictionary = std::make_unique<records::Frame>(place);
    encoder_.emplace(record_dictionary_, record_level);
    TRY(request_.spool.rewind());
    while (std::optional<ByteString> record = TRY(request_.spool.next())) {
      TRY(write_message({index_.messages++}, std::move(*record)));
    }
    return {};
  }

  Result<void> write_message(MessageId id, ByteString record) {
    add_duplicates(id, record);
    auto* message = flatbuffers::GetMutableRoot<records::Message>(record.data());
    if (const auto found = ordinals_.find(id); found != ordinals_.end()) {
      message->mutate_ordinal(found->second);
    }
    std::vector<std::string> sources;
    for (const records::Source* source : *message->sources()) {
      const std::string path = request_.ingest.entries().path_of({source->entry()});
      sources.push_back(view::source_text(path, *source));
    }
    message->mutate_front_size(
        static_cast<std::uint32_t>(view::front_of(*message, sources).size()));
    const std::optional<UnixTime> date = message->date();
    const std::vector<view::FolderPath> paths = view::folders_of(*message);
    for (const view::FolderPath& path : paths) folders_.add(id, date, path);
    message->mutate_links(static_cast<std::uint32_t>(paths.size()));
    add_problems(*message, sources.front());
    TRY(catalog_.add(*message, sources));
    ByteString frame;
    encoder_->append(frame, record);
    return writer_.tables().append(Table::messages, store::bytes_of(store::key_of(id.raw)), frame);
  }

  void add_duplicates(MessageId id, ByteString& record) const {
    const auto [first, last] = request_.collector.duplicates().equal_range(id);
    if (first == last) return;
    records::MessageT object;
    flatbuffers::GetRoot<records::Message>(record.data())->UnPackTo(&object);
    for (auto it = first; it != last; ++it) object.sources.push_back(it->second);
    flatbuffers::FlatBufferBuilder builder;
    builder.ForceDefaults(true);
    builder.Finish(records::Message::Pack(builder, &object));
    record.assign(reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize());
  }

  void add_problems(const records::Message& message, const std::string& source) {
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
      index_.inputs.push_back(TRY(input_record(request_.inputs[i], request_.summaries[i].name)));
    }
    return writer_.tables().append(Table::meta, index_key, store::encode<records::Index>(index_));
  }

  static Result<std::unique_ptr<records::InputT>> input_record(const std::string& path,
                                                               const std::string& name) {
    auto input = std::make_unique<records::InputT>();
    input->name = name;
    const std::unique_ptr<char, void (*)(void*)> absolute(::realpath(path.c_str(), nullptr),
                                                          std::free);
    input->path = absolute == nullptr ? path : absolute.get();
    const File file = TRY(File::open(path));
    const struct stat status = TRY(file.status());
    input->is_directory = S_ISDIR(status.st_mode);
    if (input->is_directory) return input;
    const archive::Fingerprint print = TRY_WITHIN(path, archive::fingerprint(file));
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
  ByteString record_dictionary_;
  std::optional<store::FrameEncoder> encoder_;
  std::vector<Problem> problems_;
  records::IndexT index_;
};

}  // namespace

Result<Outcome> finish(const FinishRequest& request, store::IndexWriter& writer) {
  return Finish(request, writer).run();
}

}  // namespace leakfs::build
