// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/parse_job.h"

#include <memory>
#include <optional>
#include <utility>

#include "index/build/parse.h"
#include "index/mail/charset.h"
#include "index/store/frame.h"
#include "index/store/records.h"

namespace leakfs::build {
namespace {

using process::OutputRegion;

// With the bytes of its text, which were compressed or not.
void append_parsed(ByteString& out, flatbuffers::FlatBufferBuilder& builder,
                   const records::MessageT& record, ParsedHead head, Bytes text) {
  // Defaults are written too, so that the finish can change any number in place.
  builder.Clear();
  builder.ForceDefaults(true);
  builder.Finish(records::Message::Pack(builder, &record));
  head.record_length = builder.GetSize();
  head.text_length = text.size();
  append_head(out, head);
  out.append(reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize());
  out += text;
}

class Worker {
 public:
  Worker(const dkim::Keyring& keyring, const SharedDictionary& dictionary)
      : keyring_(keyring), dictionary_(dictionary), block_encoder_({}, block_level) {}

  void run(TaskKind kind, Bytes input, OutputRegion& output) {
    if (kind == TaskKind::messages) return parse(input, output);
    out_.clear();
    block_encoder_.append(out_, input);
    output.append(out_);
    output.commit(input.size());
  }

 private:
  void parse(Bytes batch, OutputRegion& output) {
    const std::optional<Bytes> dictionary = dictionary_.get();
    if (dictionary && !text_encoder_) text_encoder_.emplace(*dictionary, text_level);
    FlatReader reader(batch);
    while (const std::optional<MessageHead> head = reader.head<MessageHead>()) {
      const Bytes from_line = reader.bytes(head->from_line_length);
      append(parse_message(*head, from_line, reader.bytes(head->length), keyring_));
      output.append(out_);
      output.commit(batch.size() - reader.rest_size());
    }
  }

  void append(const ParsedMessage& parsed) {
    ParsedHead head = {.text_size = parsed.text.size()};
    head.is_text_compressed = text_encoder_.has_value() && !parsed.text.empty();
    text_.clear();
    if (head.is_text_compressed) text_encoder_->append(text_, parsed.text);
    out_.clear();
    append_parsed(out_, builder_, parsed.record, head,
                  head.is_text_compressed ? Bytes(text_) : Bytes(parsed.text));
  }

  const dkim::Keyring& keyring_;
  const SharedDictionary& dictionary_;
  store::FrameEncoder block_encoder_;
  std::optional<store::FrameEncoder> text_encoder_;
  flatbuffers::FlatBufferBuilder builder_;
  ByteString text_;
  ByteString out_;
};

// What the collector relies on.
bool is_record(Bytes bytes) {
  const auto record = store::MessageRecord::from(ByteString(bytes));
  if (!record) return false;
  const records::Message& message = **record;
  constexpr std::size_t hash_size = 32;
  return store::bytes_of(message.sha256()).size() == hash_size && message.text() != nullptr &&
         message.sources() != nullptr && message.sources()->size() == 1;
}

}  // namespace

process::Job::Work ParseJob::make_work() {
  // Nobody else is to be told another dictionary.
  dictionary_.make_read_only();
  mail::open_charsets();
  auto worker = std::make_shared<Worker>(keyring_, dictionary_);
  return [worker](std::uint8_t kind, Bytes input, OutputRegion& output) {
    worker->run(static_cast<TaskKind>(kind), input, output);
  };
}

process::Done ParseJob::sound_part(std::uint8_t kind, Bytes input, Bytes outcome) {
  process::Done sound;
  if (static_cast<TaskKind>(kind) != TaskKind::messages) {
    if (!outcome.empty()) sound = process::done(input.size(), outcome.size());
    return sound;
  }
  FlatReader messages(input);
  FlatReader parsed(outcome);
  while (const std::optional<MessageHead> message = messages.head<MessageHead>()) {
    messages.bytes(message->from_line_length);
    messages.bytes(message->length);
    const std::optional<ParsedHead> head = parsed.head<ParsedHead>();
    if (!head || !is_record(parsed.bytes(head->record_length)) ||
        parsed.bytes(head->text_length).size() != head->text_length) {
      break;
    }
    sound = process::done(input.size() - messages.rest_size(), outcome.size() - parsed.rest_size());
  }
  return sound;
}

Result<process::Job::Substitute> ParseJob::give_up(std::uint8_t kind, Bytes input,
                                                   process::Death death) {
  Substitute substitute;
  if (static_cast<TaskKind>(kind) != TaskKind::messages) {
    store::FrameEncoder({}, block_level).append(substitute.outcome, input);
    substitute.input_length = input.size();
    return substitute;
  }
  FlatReader reader(input);
  const std::optional<MessageHead> head = reader.head<MessageHead>();
  if (!head) return internal_error("a batch of messages is cut");
  reader.bytes(head->from_line_length);
  const Bytes message = reader.bytes(head->length);
  const char* why = death == process::Death::time ? "time" : "crash";
  flatbuffers::FlatBufferBuilder builder;
  append_parsed(substitute.outcome, builder, unparsed_message(*head, message, why), {}, {});
  substitute.input_length = input.size() - reader.rest_size();
  return substitute;
}

}  // namespace leakfs::build
