// SPDX-License-Identifier: GPL-3.0-or-later
// Decompression that can be taken up again in the middle: one pass from the start finds the places
// where, and what has to be known there. Which stream belongs to which file is not known here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/codec/input.h"

namespace leakfs::codec {

enum class Format : std::uint8_t {
  deflate,  // RFC 1951, as in a zip
  gzip,     // RFC 1952, any number of members
  bzip2,    // any number of streams
  xz,       // any number of streams
  zstd,     // RFC 8878, any number of frames
};

// What ended a stream before its time, or what is wrong with bytes that were given.
struct Damage {
  bool is_truncated = false;  // the input ended early; else it is not what was packed
  std::string text;           // for a person
};

// Where decoding can start.
struct RestartPoint {
  std::uint64_t offset = 0;     // in the decoded stream, in bytes
  std::uint64_t input_bit = 0;  // in the input: 8 times the byte, plus the bits of it that are used
  // deflate, gzip: the decoded bytes before the point, as far as what follows refers to them; empty
  // where a member starts. xz: the header of its stream.
  ByteString context;
};

// Decodes a stream forward. Not for several threads at once.
class Decoder {
 public:
  virtual ~Decoder() = default;

  // The next `length` bytes into `out`; fewer only at the end or where damage() ends the stream. An
  // Error: the input cannot be read.
  virtual Result<std::size_t> read(char* out, std::size_t length) = 0;

  // Bytes of the input that were looked at, from its start.
  virtual std::uint64_t input_bytes() const = 0;
  // Bytes of memory that it holds, roughly.
  virtual std::size_t memory() const = 0;

  // Behind damage that ended read(): goes on with what can be decoded after it, as if nothing lay
  // in between. False if there is nothing.
  virtual Result<bool> go_on() { return false; }

  // Bytes that a checksum disowns were given all the same.
  const std::optional<Damage>& damage() const { return damage_; }

 protected:
  void damaged(bool is_truncated, std::string text) {
    if (!damage_) damage_ = Damage{.is_truncated = is_truncated, .text = std::move(text)};
  }
  void forget_damage() { damage_.reset(); }

 private:
  std::optional<Damage> damage_;
};

// Told of each point in turn while the stream is decoded up to there. The start of the stream is a
// point that is not told. An Error ends the decoding.
using PointVisitor = std::function<Result<void>(RestartPoint point)>;

// The distance between points that decoders aim at, in decoded bytes: what a random read costs.
constexpr std::uint64_t point_distance = 1_MiB;
// The distance from which on random reads are too slow for use.
constexpr std::uint64_t point_distance_max = 64_MiB;

// The format that the input starts as, if it is one of these.
std::optional<Format> format_of(Bytes head);

// Gives the input as it is.
std::unique_ptr<Decoder> open_plain(const Input& input);

// From the start of the stream. `input` outlives the decoder; `visit` may be empty.
Result<std::unique_ptr<Decoder>> open(Format format, const Input& input, PointVisitor visit);

// From a point that was visited, or from the start.
Result<std::unique_ptr<Decoder>> resume(Format format, const Input& input,
                                        const RestartPoint& point);

// Whether the points in the input are never further apart than point_distance_max, as far as its
// structure tells before it is decoded. False as well where that cannot be told.
Result<bool> has_near_points(Format format, const Input& input);

}  // namespace leakfs::codec
