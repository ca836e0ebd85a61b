// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/dictionary.h"

#include <atomic>
#include <cstring>

#include "index/store/frame.h"

namespace leakfs::build {
namespace {

constexpr std::size_t head_size = 4096;  // a page, for the state

// 0 before, then the size of the dictionary and 1.
using State = std::atomic<std::uint64_t>;

}  // namespace

Result<SharedDictionary> SharedDictionary::create() {
  return SharedDictionary(
      TRY(process::SharedMemory::create_for_readers(head_size + store::dictionary_size_max)));
}

void SharedDictionary::publish(Bytes dictionary) {
  std::memcpy(memory_.data() + head_size, dictionary.data(), dictionary.size());
  reinterpret_cast<State*>(memory_.data())->store(dictionary.size() + 1, std::memory_order_release);
}

std::optional<Bytes> SharedDictionary::get() const {
  const char* head = memory_.bytes(0, head_size).data();
  const std::uint64_t state = reinterpret_cast<const State*>(head)->load(std::memory_order_acquire);
  if (state == 0) return std::nullopt;
  return memory_.bytes(head_size, state - 1);
}

}  // namespace leakfs::build
