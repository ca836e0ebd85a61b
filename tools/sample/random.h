// SPDX-License-Identifier: GPL-3.0-or-later
// Dice whose throws are the same on every machine and standard library. Each thing that is made
// throws dice of its own, named by seed, purpose and number; so nothing depends on the order in
// which, or the thread on which, things are made.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace leakfs::sample {

enum class Purpose : std::uint8_t {
  people,
  verdicts,
  dates,
  senders,
  threads,
  attachments,
  places,
  subject,
  prose,
  draft,
  seal,
  content,
  message_id,
};

// SplitMix64.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  Random(std::uint64_t seed, Purpose purpose, std::uint64_t number = 0) : state_(seed) {
    state_ = next() ^ (static_cast<std::uint64_t>(purpose) << 56) ^ number;
    state_ = next();
  }

  std::uint64_t next() {
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }

  // 0 to bound - 1; the bound is at least 1.
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }

  // 0 to bound - 1, small numbers far more often: as mail has few that write much.
  std::uint32_t skewed_below(std::uint32_t bound) {
    std::uint32_t limit = bound;
    for (int halving = 0; halving < 3; ++halving) limit = below(limit) + 1;
    return limit - 1;
  }

  bool percent(std::uint32_t chance) { return below(100) < chance; }

  template <typename T>
  const T& pick(std::span<const T> items) {
    return items[below(static_cast<std::uint32_t>(items.size()))];
  }
  template <typename T, std::size_t N>
  const T& pick(const std::array<T, N>& items) {
    return items[below(N)];
  }
  template <typename T>
  const T& pick(const std::vector<T>& items) {
    return items[below(static_cast<std::uint32_t>(items.size()))];
  }

  template <typename T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t left = items.size(); left > 1; --left) {
      std::swap(items[left - 1], items[below(static_cast<std::uint32_t>(left))]);
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace leakfs::sample
