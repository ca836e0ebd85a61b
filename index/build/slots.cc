// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/slots.h"

#include <algorithm>
#include <cstring>

namespace leakfs::build {
namespace {
constexpr unsigned slots_per_worker = 16;
constexpr unsigned slots_max = 256;       // 17 GiB of addresses, and of memory what is in them
constexpr std::size_t kept_size = 1_MiB;  // of the room of a slot
}  // namespace

Result<Slots> Slots::create(unsigned workers) {
  const unsigned count = std::min(slots_per_worker * workers, slots_max);
  return Slots(TRY(process::SharedMemory::create_for_readers(count * slot_size)), count);
}

Result<void> Slots::put(std::uint32_t slot, Bytes bytes) {
  if (bytes.size() > slot_size) return internal_error("a task is too large");
  std::memcpy(memory_.data() + slot * slot_size, bytes.data(), bytes.size());
  return {};
}

process::Task Slots::task(std::uint32_t slot, TaskKind kind, std::size_t length) const {
  return {.kind = static_cast<std::uint8_t>(kind), .offset = slot * slot_size, .length = length};
}

void Slots::trim(std::uint32_t slot, std::size_t length) {
  if (length > kept_size) memory_.discard(slot * slot_size + kept_size, length - kept_size);
}

FreeSlots::FreeSlots(std::uint32_t count) {
  for (std::uint32_t slot = 0; slot < count; ++slot) free_.insert(slot);
}

}  // namespace leakfs::build
