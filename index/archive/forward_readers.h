// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: decoders that are kept where they stopped, so that reading a large stream
// from front to back decodes it once, whoever reads it in pieces of whatever size.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

#include "index/archive/inflater.h"

namespace leakfs::archive {

constexpr std::size_t forward_readers_max = 8;  // streams that are read side by side

// Safe from several threads; two that read one stream share its decoder and wait for each other.
class ForwardReaders {
 public:
  // Exactly `length` bytes of the stream from `offset`.
  Result<ByteString> read(const File& file, const StreamPlan& plan, std::uint64_t offset,
                          std::size_t length);

 private:
  struct Reader {
    Reader(const File& file, const StreamPlan& plan) : inflater(file, plan) {}

    std::mutex mutex;  // guards the inflater, but for its plan, and has_failed
    Inflater inflater;
    bool has_failed = false;
    std::atomic<std::uint64_t> window_start = 0;  // the inflater's, to look at without waiting
  };

  std::shared_ptr<Reader> reader_for(const File& file, const StreamPlan& plan,
                                     std::uint64_t offset);
  void drop(const std::shared_ptr<Reader>& reader);

  std::mutex mutex_;                            // guards readers_; never held while decoding
  std::list<std::shared_ptr<Reader>> readers_;  // most recently used first
};

}  // namespace leakfs::archive
