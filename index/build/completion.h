// SPDX-License-Identifier: GPL-3.0-or-later
// The second look at a record, when all of the input is known: its other places, what its text says
// of them, and the rows and the frame that go into the index. Done by the workers of a pool; what
// goes in and comes out is flat bytes.
//
//   batch      [RecordHead][record][frame] ...
//   completed  [CompletedHead][record][frame][rows of each catalog file] ...
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "index/base/bytes.h"
#include "index/base/ids.h"
#include "index/dkim/keyring.h"
#include "index/process/pool.h"
#include "index/store/records_generated.h"

namespace leakfs::build {

struct RecordHead {
  MessageId message;
  std::uint32_t length = 0;
  std::uint32_t frame_length = 0;  // of the record as it is in an index already; 0: in none
};

struct CompletedHead {
  MessageId message;
  std::uint32_t record_length = 0;
  std::uint32_t frame_length = 0;
  std::uint32_t messages_length = 0;
  std::uint32_t attachments_length = 0;
  std::uint32_t signatures_length = 0;
  std::uint32_t sums_length = 0;
};

// What only the end of the input tells. All of it outlives the work and does not change meanwhile.
struct Known {
  std::function<std::string(EntryId)> path_of;
  const std::multimap<MessageId, records::Source>& duplicates;
  const std::map<MessageId, std::uint8_t>& ordinals;  // those above 1
  const ByteString& record_dictionary;
  const dkim::Keyring& keyring;
  bool is_judged_again = false;  // records hold verdicts by other keys
};

class CompletionJob final : public process::Job {
 public:
  // `known` outlives the job.
  explicit CompletionJob(const Known& known) : known_(known) {}

  Work make_work() override;
  // Records as MessageTables takes them, one for each of the batch.
  process::Done sound_part(std::uint8_t kind, Bytes input, Bytes outcome) override;
  // A record that cannot be completed is none: an Error.
  Result<Substitute> give_up(std::uint8_t kind, Bytes input, process::Death death) override;

 private:
  const Known& known_;
};

}  // namespace leakfs::build
