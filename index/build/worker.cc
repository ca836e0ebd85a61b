// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/worker.h"

#include "index/build/parse.h"
#include "index/mail/charset.h"
#include "index/store/frame.h"

namespace leakfs::build {
namespace {

class Worker {
 public:
  Worker(const dkim::Keyring& keyring, const SharedDictionary& dictionary)
      : keyring_(keyring), dictionary_(dictionary), block_encoder_({}, block_level) {
    mail::open_charsets();
  }

  void run(Task& task) {
    ByteString out;
    if (task.kind == TaskKind::frame) {
      if (!task.bytes.empty()) block_encoder_.append(out, task.bytes);
    } else {
      parse(task.bytes, out);
    }
    task.bytes = std::move(out);
  }

 private:
  void parse(Bytes batch, ByteString& out) {
    const ByteString* dictionary = dictionary_.load(std::memory_order_acquire);
    if (dictionary != nullptr && !text_encoder_) text_encoder_.emplace(*dictionary, text_level);
    // What comes out is smaller as a rule; growing step by step would copy it once more.
    out.reserve(batch.size());
    FlatReader reader(batch);
    while (const std::optional<MessageHead> head = reader.head<MessageHead>()) {
      const Bytes from_line = reader.bytes(head->from_line_length);
      append(out, parse_message(*head, from_line, reader.bytes(head->length), keyring_));
    }
  }

  void append(ByteString& out, const ParsedMessage& parsed) {
    // Defaults are written too, so that the finish can change any number in place.
    builder_.Clear();
    builder_.ForceDefaults(true);
    builder_.Finish(records::Message::Pack(builder_, &parsed.record));
    ParsedHead head;
    head.text_size = parsed.text.size();
    head.record_length = builder_.GetSize();
    head.is_text_compressed = text_encoder_.has_value() && !parsed.text.empty();
    text_.clear();
    if (head.is_text_compressed) text_encoder_->append(text_, parsed.text);
    const Bytes text = head.is_text_compressed ? text_ : parsed.text;
    head.text_length = text.size();
    append_head(out, head);
    out.append(reinterpret_cast<const char*>(builder_.GetBufferPointer()), builder_.GetSize());
    out += text;
  }

  const dkim::Keyring& keyring_;
  const SharedDictionary& dictionary_;
  store::FrameEncoder block_encoder_;
  std::optional<store::FrameEncoder> text_encoder_;
  flatbuffers::FlatBufferBuilder builder_;
  ByteString text_;
};

}  // namespace

Pipeline::Work make_worker(const dkim::Keyring& keyring, const SharedDictionary& dictionary) {
  auto worker = std::make_shared<Worker>(keyring, dictionary);
  return [worker](Task& task) { worker->run(task); };
}

}  // namespace leakfs::build
