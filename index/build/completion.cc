// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/completion.h"

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "index/build/batch.h"
#include "index/build/catalog_rows.h"
#include "index/dkim/judge.h"
#include "index/store/frame.h"
#include "index/store/records.h"
#include "index/view/evidence.h"
#include "index/view/front.h"
#include "index/view/source_path.h"
#include "index/view/verdict.h"
#include "index/view/views.h"

namespace leakfs::build {
namespace {

constexpr int record_level = 3;  // zstd

class Completion {
 public:
  explicit Completion(const Known& known)
      : known_(known), encoder_(known.record_dictionary, record_level) {}

  void run(Bytes batch, process::OutputRegion& output) {
    FlatReader reader(batch);
    while (const std::optional<RecordHead> head = reader.head<RecordHead>()) {
      ByteString record(reader.bytes(head->length));
      const Bytes frame = reader.bytes(head->frame_length);
      out_.clear();
      complete(head->message, std::move(record), frame, out_);
      output.append(out_);
      output.commit(batch.size() - reader.rest_size());
    }
  }

 private:
  // `frame` is that of a record which was completed before, or empty.
  void complete(MessageId id, ByteString record, Bytes frame, ByteString& out) {
    add_duplicates(id, record);
    if (known_.is_judged_again && !judge_again(record)) {
      const auto* message = flatbuffers::GetRoot<records::Message>(record.data());
      return append(id, record, frame, catalog_rows(*message, sources_of(*message)), out);
    }
    auto* message = flatbuffers::GetMutableRoot<records::Message>(record.data());
    if (const auto found = known_.ordinals.find(id); found != known_.ordinals.end()) {
      message->mutate_ordinal(found->second);
    }
    const std::vector<std::string> sources = sources_of(*message);
    message->mutate_front_size(
        static_cast<std::uint32_t>(view::front_of(*message, sources).size()));
    message->mutate_evidence_size(view::evidence_size(*message, sources, known_.keyring));
    message->mutate_links(static_cast<std::uint32_t>(view::folders_of(*message).size()));
    frame_.clear();
    encoder_.append(frame_, record);
    append(id, record, frame_, catalog_rows(*message, sources), out);
  }

  std::vector<std::string> sources_of(const records::Message& message) const {
    std::vector<std::string> sources;
    for (const records::Source* source : *message.sources()) {
      sources.push_back(view::source_text(known_.path_of({source->entry()}), *source));
    }
    return sources;
  }

  void add_duplicates(MessageId id, ByteString& record) const {
    const auto [first, last] = known_.duplicates.equal_range(id);
    if (first == last) return;
    records::MessageT object;
    flatbuffers::GetRoot<records::Message>(record.data())->UnPackTo(&object);
    for (auto it = first; it != last; ++it) object.sources.push_back(it->second);
    pack(object, record);
  }

  // False if there is nothing to judge.
  bool judge_again(ByteString& record) const {
    const auto* message = flatbuffers::GetRoot<records::Message>(record.data());
    if (message->signatures() == nullptr || message->signatures()->size() == 0) return false;
    records::MessageT object;
    message->UnPackTo(&object);
    view::put_report(object, dkim::judge(view::facts_of(*message), known_.keyring));
    pack(object, record);
    return true;
  }

  // With room for what is changed in place.
  static void pack(const records::MessageT& object, ByteString& record) {
    flatbuffers::FlatBufferBuilder builder;
    builder.ForceDefaults(true);
    builder.Finish(records::Message::Pack(builder, &object));
    record.assign(reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize());
  }

  static void append(MessageId id, Bytes record, Bytes frame, const CatalogRows& rows,
                     ByteString& out) {
    const auto length = [](Bytes bytes) { return static_cast<std::uint32_t>(bytes.size()); };
    append_head(out, CompletedHead{.message = id,
                                   .record_length = length(record),
                                   .frame_length = length(frame),
                                   .messages_length = length(rows.messages),
                                   .attachments_length = length(rows.attachments),
                                   .signatures_length = length(rows.signatures),
                                   .sums_length = length(rows.sums)});
    out += record;
    out += frame;
    out += rows.messages;
    out += rows.attachments;
    out += rows.signatures;
    out += rows.sums;
  }

  const Known& known_;
  store::FrameEncoder encoder_;
  ByteString frame_;
  ByteString out_;
};

}  // namespace

namespace {

// Takes what follows the head.
bool is_whole(const CompletedHead& head, FlatReader& completed) {
  if (!store::MessageRecord::from(ByteString(completed.bytes(head.record_length)))) return false;
  const std::uint64_t rest = std::uint64_t{head.frame_length} + head.messages_length +
                             head.attachments_length + head.signatures_length + head.sums_length;
  return completed.bytes(rest).size() == rest;
}

}  // namespace

process::Job::Work CompletionJob::make_work() {
  auto completion = std::make_shared<Completion>(known_);
  return [completion](std::uint8_t /*kind*/, Bytes batch, process::OutputRegion& output) {
    completion->run(batch, output);
  };
}

process::Done CompletionJob::sound_part(std::uint8_t /*kind*/, Bytes input, Bytes outcome) {
  process::Done sound;
  FlatReader records(input);
  FlatReader completed(outcome);
  while (const std::optional<RecordHead> record = records.head<RecordHead>()) {
    records.bytes(record->length);
    records.bytes(record->frame_length);
    const std::optional<CompletedHead> head = completed.head<CompletedHead>();
    if (!head || head->message != record->message || !is_whole(*head, completed)) break;
    sound =
        process::done(input.size() - records.rest_size(), outcome.size() - completed.rest_size());
  }
  return sound;
}

Result<process::Job::Substitute> CompletionJob::give_up(std::uint8_t /*kind*/, Bytes input,
                                                        process::Death /*death*/) {
  const std::optional<RecordHead> head = FlatReader(input).head<RecordHead>();
  return internal_error(
      fmt::format("the record of message {} cannot be completed", head ? head->message.raw : 0));
}

}  // namespace leakfs::build
