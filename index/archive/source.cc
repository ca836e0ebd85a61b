// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/source.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <zlib.h>

namespace leakfs::archive {
namespace {

constexpr std::size_t input_size = 64 << 10;

// A raw deflate stream read from a file.
class Inflater {
 public:
  Inflater(const File& file, const StreamPlan& plan) : file_(file), plan_(plan) {
    is_ready_ = inflateInit2(&state_, -MAX_WBITS) == Z_OK;
  }
  ~Inflater() {
    if (is_ready_) inflateEnd(&state_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // The next `length` bytes of the stream.
  Result<ByteString> next(std::size_t length) {
    if (!is_ready_) return internal_error("no memory to inflate");
    ByteString out(length, '\0');
    state_.next_out = reinterpret_cast<Bytef*>(out.data());
    state_.avail_out = static_cast<uInt>(length);
    while (state_.avail_out > 0) {
      if (state_.avail_in == 0) TRY(fill());
      const int code = inflate(&state_, Z_NO_FLUSH);
      if (code == Z_STREAM_END && state_.avail_out == 0) break;
      if (code != Z_OK) return input_error(EIO, "the compressed data is damaged");
    }
    return out;
  }

 private:
  Result<void> fill() {
    const std::uint64_t left = plan_.stored_length - taken_;
    const std::size_t length = std::min<std::uint64_t>(input_size, left);
    if (length == 0) return input_error(EIO, "the compressed data is cut");
    input_ = TRY(file_.read(plan_.offset + taken_, length));
    taken_ += length;
    state_.next_in = reinterpret_cast<Bytef*>(input_.data());
    state_.avail_in = static_cast<uInt>(length);
    return {};
  }

  const File& file_;
  const StreamPlan& plan_;
  z_stream state_ = {};
  bool is_ready_ = false;
  ByteString input_;
  std::uint64_t taken_ = 0;  // compressed bytes read
};

Result<ByteString> read_deflated(const File& file, const StreamPlan& plan, std::uint64_t offset,
                                 std::size_t length) {
  constexpr std::size_t step = 256 << 10;
  Inflater inflater(file, plan);
  while (offset > 0) {
    const std::size_t skipped = std::min<std::uint64_t>(step, offset);
    TRY(inflater.next(skipped));
    offset -= skipped;
  }
  return inflater.next(length);
}

}  // namespace

Result<Source> Source::open(const std::vector<std::string>& inputs) {
  Source source;
  for (const std::string& input : inputs) {
    source.files_.push_back(input.empty() ? File() : TRY(File::open(input)));
  }
  return source;
}

Result<ByteString> Source::read(const StreamPlan& plan, std::uint64_t offset,
                                std::size_t length) const {
  if (plan.input >= files_.size() || !files_[plan.input].is_open()) {
    return input_error(EIO, "the archive is not here", "name it with -o archive=FILE");
  }
  if (offset > plan.length || length > plan.length - offset) {
    return input_error(EIO, "the index points behind the end of a stream");
  }
  const File& file = files_[plan.input];
  switch (plan.kind) {
    case StreamKind::stored:
      return file.read(plan.offset + offset, length);
    case StreamKind::deflated:
      return read_deflated(file, plan, offset, length);
    case StreamKind::copied:
      break;
  }
  return internal_error("a copied stream is not in the archive");
}

}  // namespace leakfs::archive
