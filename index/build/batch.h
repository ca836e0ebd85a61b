// SPDX-License-Identifier: GPL-3.0-or-later
// What passes between the stages of a build: flat bytes, so that a stage can be a process of its
// own.
//
//   batch    [MessageHead][From_ line][message] [MessageHead][From_ line][message] ...
//   parsed   [ParsedHead][record][text]         [ParsedHead][record][text]         ...
//   frame    the next bytes of a copied stream, or what a decoder needs to know at a restart point;
//            becomes a frame of the heap
//   finds    all else that the reader has to tell; see finds.h
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <type_traits>

#include "index/base/bytes.h"
#include "index/base/extent.h"

namespace leakfs::build {

// Bytes of a batch: worth waking a thread for, and so few that the end of the build is shared
// evenly.
constexpr std::size_t batch_size = 512 << 10;

struct MessageHead {
  Extent extent;
  std::uint64_t mbox_offset = 0;
  std::uint64_t size = 0;  // of the message; `length` bytes of it follow
  std::uint64_t length = 0;
  std::uint32_t from_line_length = 0;
  std::uint32_t entry = 0;
  std::array<char, 32> sha256 = {};  // when is_cut: of the whole message
  bool is_in_mbox = false;
  bool is_cut = false;  // above message_size_max: only its start follows
};

struct ParsedHead {
  std::uint64_t text_size = 0;    // rendered
  std::uint64_t text_length = 0;  // of the bytes that follow the record
  std::uint32_t record_length = 0;
  bool is_text_compressed = false;  // a frame, not yet with the dictionary otherwise
};

enum class TaskKind : std::uint8_t { messages, frame, finds };

// What goes with the bytes of a task.
struct TaskHead {
  TaskKind kind = TaskKind::messages;
  // Of a frame: the point of the stream that it belongs to.
  StreamId stream;
  std::uint64_t offset = 0;
  std::uint64_t input_bit = 0;
};

template <typename Head>
void append_head(ByteString& bytes, const Head& head) {
  static_assert(std::is_trivially_copyable_v<Head>);
  bytes.append(reinterpret_cast<const char*>(&head), sizeof head);
}

// Takes flat bytes apart from the front.
class FlatReader {
 public:
  explicit FlatReader(Bytes bytes) : rest_(bytes) {}

  // Absent at the end.
  template <typename Head>
  std::optional<Head> head() {
    static_assert(std::is_trivially_copyable_v<Head>);
    if (rest_.size() < sizeof(Head)) return std::nullopt;
    Head value;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  Bytes bytes(std::size_t length) {
    const Bytes taken = rest_.substr(0, length);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  bool is_at_end() const { return rest_.empty(); }
  std::size_t rest_size() const { return rest_.size(); }

 private:
  Bytes rest_;
};

// Writes a batch message by message.
class BatchWriter {
 public:
  void begin(Bytes from_line);
  void add(Bytes bytes) { bytes_ += bytes; }
  // The bytes added so far, and their start once the message grew too large to keep.
  Bytes message() const { return Bytes(bytes_).substr(message_at_); }
  void cut(std::size_t length) { bytes_.resize(message_at_ + length); }
  // Completes the message; lengths are filled in here.
  void end(MessageHead head);

  std::size_t size() const { return bytes_.size(); }
  std::size_t messages() const { return messages_; }
  ByteString take();

 private:
  ByteString bytes_;
  std::size_t head_at_ = 0;
  std::size_t message_at_ = 0;
  std::size_t messages_ = 0;
};

}  // namespace leakfs::build
