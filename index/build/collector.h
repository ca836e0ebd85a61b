// SPDX-License-Identifier: GPL-3.0-or-later
// Takes outcomes in order: texts and blocks go to the heap, records to the spool, and messages with
// the same bytes become one.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "index/base/error.h"
#include "index/base/ids.h"
#include "index/build/batch.h"
#include "index/build/dictionary.h"
#include "index/build/inventory.h"
#include "index/build/spool.h"
#include "index/store/heap.h"
#include "index/store/records_generated.h"

namespace leakfs::build {

// The SHA-256 of a message is uniform already.
using MessageHash = std::array<char, 32>;
struct MessageHashHasher {
  std::size_t operator()(const MessageHash& hash) const;
};

class Collector {
 public:
  // `inventory` knows the members that messages are in. `dictionary` is published by this as soon
  // as it is trained. All outlive this.
  Collector(store::HeapWriter& heap, Spool& spool, const Inventory& inventory,
            SharedDictionary& dictionary);

  Result<void> take(const TaskHead& head, ByteString outcome);
  // Call once, after the last outcome.
  Result<void> finish();

  std::uint32_t messages() const { return messages_; }
  // Places of a message beyond its first, in the order of the input.
  const std::multimap<MessageId, records::Source>& duplicates() const { return duplicates_; }
  // The restart points of each stream, by their offset; of a copied stream its blocks.
  using Points = std::map<StreamId, std::vector<std::pair<std::uint64_t, records::PointT>>>;
  const Points& points() const { return points_; }
  // The first 64 bits of the SHA-256 of every message, ascending; equal ones by message. Call once,
  // after finish().
  std::vector<std::pair<std::uint64_t, MessageId>> take_ids();
  // Where the text dictionary is in the heap.
  records::Frame text_dictionary() const { return text_dictionary_; }
  // Trained on the first records; valid after finish().
  const ByteString& record_dictionary() const { return record_dictionary_; }

 private:
  Result<void> take_frame(const TaskHead& head, Bytes frame);
  Result<void> take_messages(Bytes parsed);
  Result<void> take_message(const ParsedHead& head, Bytes record, Bytes text);
  Result<void> train();
  void train_record_dictionary();

  store::HeapWriter& heap_;
  Spool& spool_;
  const Inventory& inventory_;
  SharedDictionary& shared_dictionary_;
  ByteString dictionary_;
  records::Frame text_dictionary_;
  std::optional<store::FrameEncoder> encoder_;
  std::vector<ByteString> untrained_;       // outcomes before the dictionary
  std::size_t sample_size_ = 0;             // bytes of text in them
  std::vector<ByteString> record_samples_;  // the first records, until their dictionary
  std::size_t record_sample_size_ = 0;      // bytes in them
  ByteString record_dictionary_;
  std::uint32_t messages_ = 0;
  std::unordered_map<MessageHash, MessageId, MessageHashHasher> known_;
  std::multimap<MessageId, records::Source> duplicates_;
  Points points_;
};

}  // namespace leakfs::build
