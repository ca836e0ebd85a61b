// SPDX-License-Identifier: GPL-3.0-or-later
// What the reader of an archive finds apart from the bytes of mail, as flat bytes in the order in
// which it came: heads, each followed by the texts whose lengths it has.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "index/archive/walk.h"
#include "index/base/bytes.h"
#include "index/base/error.h"

namespace leakfs::build {

// Told what was found. Members count from 0 in the order in which they begin, those of all inputs.
class FindsVisitor {
 public:
  virtual ~FindsVisitor() = default;

  virtual void stream(const archive::StreamPlan& plan) = 0;
  virtual void stream_length(StreamId stream, std::uint64_t length) = 0;
  virtual void sums(const archive::SumGroup& group) = 0;
  virtual void member(const archive::Member& member) = 0;
  // Of a member that is a file and not empty.
  virtual void extent(std::uint32_t member, const Extent& extent) = 0;
  // The source is left to the one who knows the path that the member got.
  virtual void member_problem(std::uint32_t member, Problem problem) = 0;
  virtual void problem(Problem problem) = 0;
  // An input was read to its end, or as far as it can be.
  virtual void input(const archive::InputSummary& summary) = 0;
  // The walk cannot go on.
  virtual void failure(Error error) = 0;
};

class FindsWriter final : public FindsVisitor {
 public:
  void stream(const archive::StreamPlan& plan) override;
  void stream_length(StreamId stream, std::uint64_t length) override;
  void sums(const archive::SumGroup& group) override;
  void member(const archive::Member& member) override;
  void extent(std::uint32_t member, const Extent& extent) override;
  void member_problem(std::uint32_t member, Problem problem) override;
  void problem(Problem problem) override;
  void input(const archive::InputSummary& summary) override;
  void failure(Error error) override;

  std::size_t size() const { return bytes_.size(); }
  ByteString take() { return std::exchange(bytes_, {}); }

 private:
  ByteString bytes_;
};

// Tells `visitor` what the bytes hold. False if they are no finds: who wrote them went mad.
bool read_finds(Bytes finds, FindsVisitor& visitor);

}  // namespace leakfs::build
