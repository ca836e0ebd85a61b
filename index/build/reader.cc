// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/reader.h"

#include <atomic>
#include <map>

#include "index/build/ingest.h"
#include "index/sandbox/sandbox.h"

namespace leakfs::build {
namespace {

constexpr std::uint64_t bytes_under_way_max = 128_MiB;
constexpr std::uint64_t memory_max = 1_GiB;
constexpr std::chrono::seconds cpu_time_max(60);  // without reading on
constexpr std::size_t board_size = 4096;

struct Board {
  std::atomic<std::uint64_t> read;
  std::atomic<std::uint64_t> delivered;
};

const Board& board_of(const process::SharedMemory& memory) {
  return *reinterpret_cast<const Board*>(memory.bytes(0, board_size).data());
}

// In the reader: puts tasks into slots and tells the supervisor.
class Feeder final : public TaskSink {
 public:
  Feeder(Slots& slots, process::Channel& channel, Board& board)
      : slots_(slots), channel_(channel), board_(board), free_(slots.count()) {}

  Result<void> submit(const TaskHead& head, Bytes bytes) override {
    TRY(wait_for_room(bytes.size()));
    const Delivery delivery = {.head = head, .slot = free_.take(), .length = bytes.size()};
    TRY(slots_.put(delivery.slot, bytes));
    under_way_[delivery.slot] = bytes.size();
    bytes_under_way_ += bytes.size();
    TRY(send(delivery));
    if (head.kind == TaskKind::messages) board_.delivered = board_.read.load();
    return {};
  }

  void progress(std::uint64_t input_bytes) override {
    board_.read.store(input_bytes, std::memory_order_relaxed);
  }

 private:
  // A larger task waits until it is alone.
  Result<void> wait_for_room(std::uint64_t size) {
    while (free_.empty() ||
           (!under_way_.empty() && bytes_under_way_ + size > bytes_under_way_max)) {
      std::uint32_t slot = 0;
      if (channel_.receive(reinterpret_cast<char*>(&slot), sizeof slot) != sizeof slot) {
        return internal_error("the build was stopped");
      }
      const auto found = under_way_.find(slot);
      if (found == under_way_.end()) continue;
      bytes_under_way_ -= found->second;
      under_way_.erase(found);
      free_.give_back(slot);
    }
    return {};
  }

  Result<void> send(const Delivery& delivery) {
    if (!channel_.send({reinterpret_cast<const char*>(&delivery), sizeof delivery})) {
      return internal_error("the build was stopped");
    }
    return {};
  }

  Slots& slots_;
  process::Channel& channel_;
  Board& board_;
  FreeSlots free_;
  std::map<std::uint32_t, std::uint64_t> under_way_;  // bytes in each slot that is taken
  std::uint64_t bytes_under_way_ = 0;
};

// What could not be sent has nobody who waits for it.
void read_all(const archive::Walk& walk, const Reader::Start& start, Feeder& feeder) {
  archive::WalkTotals totals = {.streams = start.stream,
                                .members = start.member,
                                .input_bytes = walk.bytes_before(start.input)};
  Ingest ingest(feeder, start.stream, start.member);
  for (std::size_t input = start.input; input < walk.size(); ++input) {
    const Result<archive::InputSummary> summary = walk.run(input, totals, ingest);
    if (!summary) {
      ingest.fail(summary.error());
      break;
    }
    ingest.end_input(*summary);
    if (!ingest.finish()) return;
  }
  static_cast<void>(ingest.finish().has_value());
}

}  // namespace

Result<Reader> Reader::create(const archive::Walk& walk, Slots& slots) {
  return Reader(walk, slots, TRY(process::SharedMemory::create(board_size)));
}

Result<void> Reader::start(const Start& start) {
  const sandbox::Needs needs = {.writes_files = true,
                                .readable_below = walk_.directories(),
                                .memory_max = sandbox::memory_in_use() + memory_max};
  has_ended_ = false;
  has_died_ = false;
  taken_.clear();
  seen_cpu_ = {};
  child_ = TRY(process::Child::start(
      [&](process::Channel& channel) {
        sandbox::confine(needs);
        Feeder feeder(slots_, channel, *reinterpret_cast<Board*>(board_.data()));
        read_all(walk_, start, feeder);
      },
      walk_.descriptors()));
  return {};
}

std::optional<Delivery> Reader::receive() {
  if (has_ended_) return std::nullopt;
  Delivery delivery;
  const std::optional<std::size_t> length =
      child_->channel().receive_now(reinterpret_cast<char*>(&delivery), sizeof delivery);
  if (!length) return std::nullopt;
  if (*length == 0) {
    has_ended_ = true;
    has_died_ = !child_->wait();
    return std::nullopt;
  }
  const bool is_possible = *length == sizeof delivery && delivery.slot < slots_.count() &&
                           delivery.length <= Slots::slot_size &&
                           delivery.head.kind <= TaskKind::finds &&
                           taken_.insert(delivery.slot).second;
  if (is_possible) return delivery;
  kill();
  return std::nullopt;
}

void Reader::release(std::uint32_t slot) {
  taken_.erase(slot);
  if (has_ended_) return;
  // Whether it still listens is for receive() to find out.
  static_cast<void>(child_->channel().send({reinterpret_cast<const char*>(&slot), sizeof slot}));
}

void Reader::kill() {
  child_->kill();
  child_->wait();
  has_ended_ = true;
  has_died_ = true;
}

bool Reader::is_stuck() {
  if (has_ended_) return false;
  const std::uint64_t bytes = bytes_read();
  const std::chrono::nanoseconds cpu = child_->cpu_time();
  if (bytes != seen_bytes_ || seen_cpu_ == std::chrono::nanoseconds()) {
    seen_bytes_ = bytes;
    seen_cpu_ = cpu;
  }
  return cpu - seen_cpu_ >= cpu_time_max;
}

std::uint64_t Reader::bytes_read() const { return board_of(board_).read; }

std::uint64_t Reader::bytes_delivered() const { return board_of(board_).delivered; }

}  // namespace leakfs::build
