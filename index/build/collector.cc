// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/collector.h"

#include <algorithm>
#include <cstring>

#include "index/store/records.h"
#include "index/view/message_name.h"

namespace leakfs::build {
namespace {

// Dictionaries are trained on the first texts and records in the order of the input, so that two
// builds of one archive train the same.
constexpr std::size_t sample_size = 2 << 20;         // bytes of texts
constexpr std::size_t record_sample_size = 2 << 20;  // bytes of records

}  // namespace

std::size_t MessageHashHasher::operator()(const MessageHash& hash) const {
  std::size_t value;
  std::memcpy(&value, hash.data(), sizeof value);
  return value;
}

Collector::Collector(store::HeapWriter& heap, Spool& spool, const Inventory& inventory,
                     SharedDictionary& dictionary)
    : heap_(heap), spool_(spool), inventory_(inventory), shared_dictionary_(dictionary) {}

Result<void> Collector::take(const TaskHead& task, ByteString outcome) {
  if (task.kind == TaskKind::frame) return take_frame(task, outcome);
  if (encoder_) return take_messages(outcome);
  FlatReader reader(outcome);
  while (const std::optional<ParsedHead> head = reader.head<ParsedHead>()) {
    reader.bytes(head->record_length);
    reader.bytes(head->text_length);
    sample_size_ += head->text_length;
  }
  untrained_.push_back(std::move(outcome));
  if (sample_size_ < sample_size) return {};
  return train();
}

Result<void> Collector::finish() {
  if (!encoder_) TRY(train());
  if (record_sample_size_ < record_sample_size) train_record_dictionary();
  return {};
}

void Collector::train_record_dictionary() {
  const std::vector<Bytes> samples(record_samples_.begin(), record_samples_.end());
  record_dictionary_ = store::train_dictionary(samples);
  record_samples_.clear();
}

std::vector<std::pair<std::uint64_t, MessageId>> Collector::take_ids() {
  std::vector<std::pair<std::uint64_t, MessageId>> ids;
  ids.reserve(known_.size());
  for (const auto& [hash, message] : known_) {
    ids.emplace_back(view::id_of(Bytes(hash.data(), hash.size())), message);
  }
  known_ = {};
  std::ranges::sort(ids);
  return ids;
}

Result<void> Collector::train() {
  std::vector<Bytes> samples;
  for (const ByteString& outcome : untrained_) {
    FlatReader reader(outcome);
    while (const std::optional<ParsedHead> head = reader.head<ParsedHead>()) {
      reader.bytes(head->record_length);
      // One text alone may be a hundred times that.
      samples.push_back(reader.bytes(head->text_length).substr(0, sample_size));
    }
  }
  dictionary_ = store::train_dictionary(samples);
  text_dictionary_ = TRY(heap_.append(store::encode_dictionary(dictionary_)));
  encoder_.emplace(dictionary_, text_level);
  shared_dictionary_.publish(dictionary_);
  for (const ByteString& outcome : std::exchange(untrained_, {})) TRY(take_messages(outcome));
  return {};
}

Result<void> Collector::take_frame(const TaskHead& task, Bytes frame) {
  records::PointT point;
  point.input_bit = task.input_bit;
  if (!frame.empty()) point.frame = std::make_unique<records::Frame>(TRY(heap_.append(frame)));
  points_[task.stream].emplace_back(task.offset, std::move(point));
  return {};
}

Result<void> Collector::take_messages(Bytes parsed) {
  FlatReader reader(parsed);
  while (const std::optional<ParsedHead> head = reader.head<ParsedHead>()) {
    const Bytes record = reader.bytes(head->record_length);
    const Bytes text = reader.bytes(head->text_length);
    TRY(take_message(*head, record, text));
  }
  return {};
}

Result<void> Collector::take_message(const ParsedHead& head, Bytes bytes, Bytes text) {
  ByteString record(bytes);
  records::Message* message = flatbuffers::GetMutableRoot<records::Message>(record.data());
  // The reader knows members, not the tree that they are in.
  records::Source& source = *message->mutable_sources()->GetMutableObject(0);
  const std::optional<EntryId> entry = inventory_.entry_of(source.entry());
  if (!entry) return internal_error("a message is in no member");
  source.mutate_entry(entry->raw);
  MessageHash hash;
  std::ranges::copy(store::bytes_of(message->sha256()), hash.begin());
  const auto [known, is_new] = known_.try_emplace(hash, MessageId{messages_});
  if (!is_new) {
    duplicates_.emplace(known->second, source);
    return {};
  }
  ++messages_;
  ByteString frame;
  if (!head.is_text_compressed && !text.empty()) {
    encoder_->append(frame, text);
    text = frame;
  }
  const records::Frame place = TRY(heap_.append(text));
  *message->mutable_text() = place;
  message->mutate_text_size(head.text_size);
  TRY(spool_.append(record));
  if (record_sample_size_ >= record_sample_size) return {};
  record_sample_size_ += record.size();
  record_samples_.push_back(std::move(record));
  if (record_sample_size_ >= record_sample_size) train_record_dictionary();
  return {};
}

}  // namespace leakfs::build
