// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/gzip.h"

#include <algorithm>

#include <zlib.h>

namespace leakfs::archive {
namespace {

constexpr std::size_t input_size = 64 << 10;
constexpr std::size_t output_size = 64 << 10;  // stays in the cache of a processor
constexpr int gzip_only = MAX_WBITS + 16;      // checks the trailer, CRC-32 and size, too
constexpr Bytes magic = "\x1f\x8b";

}  // namespace

struct GzipReader::State {
  explicit State(const File& opened) : file(opened) {
    is_ready = inflateInit2(&stream, gzip_only) == Z_OK;
  }
  ~State() {
    if (is_ready) inflateEnd(&stream);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Result<void> fill();
  Result<void> begin_member();
  void end(bool is_truncated, std::string text);

  const File& file;
  z_stream stream = {};
  bool is_ready = false;
  bool is_in_member = true;
  bool is_ended = false;
  std::optional<Damage> damage;
  ByteString input;
  std::uint64_t taken = 0;  // bytes of the file in and before `input`
  ByteString blocks[2];
  int current = 0;
};

Result<bool> GzipReader::is_gzip(const File& file) {
  char head[2] = {};
  const std::size_t length = TRY(file.read_some(0, head, sizeof head));
  return Bytes(head, length) == magic;
}

GzipReader::GzipReader(const File& file) : state_(std::make_unique<State>(file)) {}
GzipReader::~GzipReader() = default;
GzipReader::GzipReader(GzipReader&&) noexcept = default;
GzipReader& GzipReader::operator=(GzipReader&&) noexcept = default;

std::uint64_t GzipReader::input_bytes() const { return state_->taken - state_->stream.avail_in; }

const std::optional<Damage>& GzipReader::damage() const { return state_->damage; }

Result<Bytes> GzipReader::next() {
  State& state = *state_;
  if (!state.is_ready) return internal_error("no memory to inflate");
  state.current = 1 - state.current;
  ByteString& block = state.blocks[state.current];
  block.resize(output_size);
  z_stream& stream = state.stream;
  stream.next_out = reinterpret_cast<Bytef*>(block.data());
  stream.avail_out = static_cast<uInt>(block.size());
  while (stream.avail_out > 0 && !state.is_ended) {
    if (stream.avail_in == 0) TRY(state.fill());
    if (!state.is_in_member) {
      TRY(state.begin_member());
      continue;
    }
    const int code = inflate(&stream, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
      state.is_in_member = false;
    } else if (code == Z_BUF_ERROR && stream.avail_in == 0) {
      state.end(true, "the gzip stream is cut short");
    } else if (code != Z_OK) {
      state.end(false, std::string("the gzip stream is damaged: ") +
                           (stream.msg == nullptr ? "no memory" : stream.msg) +
                           "; what was read before may not be what was packed");
    }
  }
  block.resize(block.size() - stream.avail_out);
  return Bytes(block);
}

Result<void> GzipReader::State::fill() {
  input.resize(input_size);
  const std::size_t length = TRY(file.read_some(taken, input.data(), input.size()));
  taken += length;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(length);
  return {};
}

// §2.2: members follow one another; gzip(1) allows zeros behind the last.
Result<void> GzipReader::State::begin_member() {
  while (stream.avail_in > 0 && *stream.next_in == 0) {
    ++stream.next_in;
    if (--stream.avail_in == 0) TRY(fill());
  }
  if (stream.avail_in == 0) {
    is_ended = true;
  } else if (*stream.next_in != static_cast<unsigned char>(magic[0])) {
    end(false, "bytes that are no gzip follow the end of the stream");
  } else {
    inflateReset2(&stream, gzip_only);
    is_in_member = true;
  }
  return {};
}

void GzipReader::State::end(bool is_truncated, std::string text) {
  is_ended = true;
  damage = Damage{.is_truncated = is_truncated, .text = std::move(text)};
}

}  // namespace leakfs::archive
