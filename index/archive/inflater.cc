// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/inflater.h"

#include <algorithm>
#include <cerrno>

#include <zlib.h>

namespace leakfs::archive {
namespace {

constexpr std::size_t input_size = 64 << 10;
constexpr std::size_t step = 256 << 10;  // decoded at once

}  // namespace

struct Inflater::State {
  z_stream stream = {};
  bool is_ready = inflateInit2(&stream, -MAX_WBITS) == Z_OK;

  ~State() {
    if (is_ready) inflateEnd(&stream);
  }
};

Inflater::Inflater(const File& file, const StreamPlan& plan)
    : file_(file), plan_(plan), state_(std::make_unique<State>()) {}

Inflater::~Inflater() = default;

Result<ByteString> Inflater::read(std::uint64_t offset, std::size_t length) {
  if (failure_) return std::unexpected(*failure_);
  Result<ByteString> bytes = read_on(offset, length);
  // What zlib gave before it failed is in no place that is known.
  if (!bytes) failure_ = bytes.error();
  return bytes;
}

Result<ByteString> Inflater::read_on(std::uint64_t offset, std::size_t length) {
  ByteString bytes;
  if (offset < position_) bytes = recent_.substr(offset - window_start(), length);
  while (bytes.size() < length) {
    const std::uint64_t wanted = offset + bytes.size();
    const std::uint64_t end = offset + length;
    const Bytes piece =
        TRY(decode(static_cast<std::size_t>(std::min<std::uint64_t>(step, end - position_))));
    const std::uint64_t start = position_ - piece.size();
    if (position_ > wanted) bytes += piece.substr(wanted - start);
  }
  return bytes;
}

// The next `length` bytes.
Result<Bytes> Inflater::decode(std::size_t length) {
  if (!state_->is_ready) return internal_error("no memory to inflate");
  // In steps of a window, so that each byte is moved once.
  if (recent_.size() >= 2 * inflater_window) recent_.erase(0, recent_.size() - inflater_window);
  const std::size_t kept = recent_.size();
  recent_.resize(kept + length);
  z_stream& stream = state_->stream;
  stream.next_out = reinterpret_cast<Bytef*>(recent_.data() + kept);
  stream.avail_out = static_cast<uInt>(length);
  while (stream.avail_out > 0) {
    // Without more input there may be output: zlib keeps what did not fit the last time.
    if (stream.avail_in == 0 && taken_ < plan_.stored_length) TRY(fill());
    const int code = inflate(&stream, Z_NO_FLUSH);
    if (code == Z_STREAM_END && stream.avail_out == 0) break;
    if (code == Z_BUF_ERROR) return input_error(EIO, "the compressed data is cut");
    if (code != Z_OK) return input_error(EIO, "the compressed data is damaged");
  }
  position_ += length;
  return Bytes(recent_).substr(kept);
}

Result<void> Inflater::fill() {
  const std::size_t length = std::min<std::uint64_t>(input_size, plan_.stored_length - taken_);
  input_ = TRY(file_.read(plan_.offset + taken_, length));
  taken_ += length;
  state_->stream.next_in = reinterpret_cast<Bytef*>(input_.data());
  state_->stream.avail_in = static_cast<uInt>(length);
  return {};
}

}  // namespace leakfs::archive
