// SPDX-License-Identifier: GPL-3.0-or-later
// What the workers of a build do: parse messages, compress texts and blocks.
#pragma once

#include "index/build/batch.h"
#include "index/build/dictionary.h"
#include "index/dkim/keyring.h"
#include "index/process/pool.h"

namespace leakfs::build {

constexpr int block_level = 1;  // zstd, of copied content: its speed is the build's

class ParseJob final : public process::Job {
 public:
  // Both outlive the job.
  ParseJob(const dkim::Keyring& keyring, SharedDictionary& dictionary)
      : keyring_(keyring), dictionary_(dictionary) {}

  Work make_work() override;
  // A record and a text for each message of a batch, and the record can be believed to be one.
  process::Done sound_part(std::uint8_t kind, Bytes input, Bytes outcome) override;
  // The first message of a batch stays unparsed. A frame is written by this process itself.
  Result<Substitute> give_up(std::uint8_t kind, Bytes input, process::Death death) override;

 private:
  const dkim::Keyring& keyring_;
  SharedDictionary& dictionary_;
};

}  // namespace leakfs::build
