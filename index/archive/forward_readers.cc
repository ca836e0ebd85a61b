// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/forward_readers.h"

namespace leakfs::archive {

Result<ByteString> ForwardReaders::read(const File& file, const StreamPlan& plan,
                                        std::uint64_t offset, std::size_t length) {
  while (true) {
    const std::shared_ptr<Reader> reader = reader_for(file, plan, offset);
    const std::lock_guard lock(reader->mutex);
    // While this waited, another may have read on, or failed.
    if (reader->has_failed || offset < reader->inflater.window_start()) continue;
    Result<ByteString> bytes = reader->inflater.read(offset, length);
    if (bytes) {
      reader->window_start = reader->inflater.window_start();
    } else {
      reader->has_failed = true;
      drop(reader);
    }
    return bytes;
  }
}

// The one of that stream that is nearest before `offset`, or a new one at its start.
std::shared_ptr<ForwardReaders::Reader> ForwardReaders::reader_for(const File& file,
                                                                   const StreamPlan& plan,
                                                                   std::uint64_t offset) {
  const std::lock_guard lock(mutex_);
  auto best = readers_.end();
  for (auto it = readers_.begin(); it != readers_.end(); ++it) {
    const StreamPlan& other = (*it)->inflater.plan();
    const bool is_same = other.input == plan.input && other.offset == plan.offset;
    if (!is_same || (*it)->window_start > offset) continue;
    if (best == readers_.end() || (*it)->window_start > (*best)->window_start) best = it;
  }
  if (best != readers_.end()) {
    readers_.splice(readers_.begin(), readers_, best);
    return readers_.front();
  }
  if (readers_.size() == forward_readers_max) readers_.pop_back();
  return readers_.emplace_front(std::make_shared<Reader>(file, plan));
}

void ForwardReaders::drop(const std::shared_ptr<Reader>& reader) {
  const std::lock_guard lock(mutex_);
  readers_.remove(reader);
}

}  // namespace leakfs::archive
