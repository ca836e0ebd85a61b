// SPDX-License-Identifier: GPL-3.0-or-later
// What a decoder reads: bytes that can be had at any offset, in a file or in another stream.
#pragma once

#include <cstdint>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/base/file.h"

namespace leakfs::codec {

class Input {
 public:
  virtual ~Input() = default;

  // Up to `length` bytes from `offset` into `buffer`; fewer only at the end. The number of bytes.
  virtual Result<std::size_t> read_some(std::uint64_t offset, char* buffer,
                                        std::size_t length) const = 0;
  virtual std::uint64_t size() const = 0;
};

// A range of another input, which outlives this.
class RangeInput final : public Input {
 public:
  RangeInput(const Input& below, std::uint64_t start, std::uint64_t size)
      : below_(below), start_(start), size_(size) {}

  Result<std::size_t> read_some(std::uint64_t offset, char* buffer,
                                std::size_t length) const override;
  std::uint64_t size() const override { return size_; }

 private:
  const Input& below_;
  const std::uint64_t start_;
  const std::uint64_t size_;
};

// An open file of that size, which outlives this.
class FileInput final : public Input {
 public:
  FileInput(const File& file, std::uint64_t size) : file_(file), size_(size) {}

  Result<std::size_t> read_some(std::uint64_t offset, char* buffer,
                                std::size_t length) const override;
  std::uint64_t size() const override { return size_; }

 private:
  const File& file_;
  const std::uint64_t size_;
};

// Reads an input from front to back through a buffer of its own.
class InputReader {
 public:
  // `input` outlives this.
  InputReader(const Input& input, std::uint64_t offset) : input_(&input), end_(offset) {}

  // The bytes at the front; reads more if there are less than `wanted`, which is at most
  // buffer_size. Fewer only at the end of the input.
  Result<Bytes> peek(std::size_t wanted = 1);
  // Takes bytes that peek() showed.
  void skip(std::size_t length) { taken_ += length; }
  void seek(std::uint64_t offset);
  // Of the front.
  std::uint64_t position() const { return end_ - (buffer_.size() - taken_); }

  static constexpr std::size_t buffer_size = 128 << 10;

 private:
  const Input* input_;
  ByteString buffer_;
  std::size_t taken_ = 0;  // bytes of the buffer
  std::uint64_t end_;      // in the input, of the buffer
};

}  // namespace leakfs::codec
