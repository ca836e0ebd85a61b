// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/reading.h"

#include <deque>
#include <utility>

#include <fmt/format.h>

#include "index/build/finds.h"
#include "index/build/reader.h"

namespace leakfs::build {
namespace {

class Reading {
 public:
  Reading(const ReadingRequest& request, Reader reader, process::Pool pool,
          ProgressListener& listener)
      : request_(request), reader_(std::move(reader)), pool_(std::move(pool)), listener_(listener) {
    progress_.bytes_total = request.walk.bytes();
  }

  Result<void> run() {
    TRY(reader_.start({}));
    while (true) {
      TRY(collect());
      if (reader_.has_ended() && pool_.under_way() == 0) {
        if (request_.inventory.failure()) return std::unexpected(*request_.inventory.failure());
        if (!TRY(go_on())) return {};
      }
      TRY(pool_.wait(reader_.descriptor()));
      while (const std::optional<Delivery> delivery = reader_.receive()) accept(*delivery);
      if (reader_.is_stuck()) {
        is_stuck_ = true;
        reader_.kill();
      }
      progress_.bytes = reader_.bytes_read();
      progress_.messages = request_.collector.messages();
      listener_.update(progress_);
    }
  }

 private:
  void accept(const Delivery& delivery) {
    if (delivery.head.kind != TaskKind::finds) {
      deliveries_.push_back(delivery);
      pool_.submit(request_.slots.task(delivery.slot, delivery.head.kind, delivery.length));
      return;
    }
    // A copy first: the reader could change what is looked at.
    const ByteString finds(request_.slots.bytes(delivery.slot, delivery.length));
    if (!read_finds(finds, request_.inventory) || request_.inventory.is_contradictory()) {
      reader_.kill();
    }
    reader_.release(delivery.slot);
  }

  Result<void> collect() {
    while (std::optional<ByteString> outcome = pool_.next()) {
      const Delivery delivery = deliveries_.front();
      deliveries_.pop_front();
      TRY(request_.collector.take(delivery.head, std::move(*outcome)));
      request_.slots.trim(delivery.slot, delivery.length);
      reader_.release(delivery.slot);
    }
    return {};
  }

  // The reader is gone. False if it was at the end; else it died, which ends the input it was at,
  // and goes on with the next.
  Result<bool> go_on() {
    Inventory& inventory = request_.inventory;
    const std::size_t input = inventory.inputs().size();
    if (input >= request_.walk.size()) return false;
    const std::string& name = request_.walk.name(input);
    inventory.problem({.source = name,
                       .offset = reader_.bytes_delivered() - request_.walk.bytes_before(input),
                       .kind = is_stuck_ ? "time" : "crash",
                       .detail = fmt::format(
                           "its reader {} at byte {}: what follows was not read; please report it",
                           is_stuck_ ? "came no further" : "died",
                           reader_.bytes_read() - request_.walk.bytes_before(input)),
                       .is_loss = true});
    inventory.input({.name = name, .is_whole = false});
    is_stuck_ = false;
    if (input + 1 == request_.walk.size()) {
      if (inventory.members() > 0) return false;
      return input_error(name + ": cannot be read: its reader died at the start",
                         "please report it");
    }
    TRY(reader_.start({.input = input + 1,
                       .stream = static_cast<std::uint32_t>(inventory.streams().size()),
                       .member = inventory.members()}));
    return true;
  }

  const ReadingRequest& request_;
  Reader reader_;
  process::Pool pool_;
  std::deque<Delivery> deliveries_;  // whose outcomes were not taken
  bool is_stuck_ = false;
  Progress progress_;
  ProgressListener& listener_;
};

}  // namespace

Result<void> read_inputs(const ReadingRequest& request, ProgressListener& listener) {
  Reader reader = TRY(Reader::create(request.walk, request.slots));
  process::Pool pool =
      TRY(process::Pool::start(request.slots.memory(), request.job, {.workers = request.jobs}));
  return Reading(request, std::move(reader), std::move(pool), listener).run();
}

}  // namespace leakfs::build
