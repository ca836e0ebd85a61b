// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/content/streams.h"

#include <algorithm>
#include <cerrno>

#include "index/store/heap.h"

namespace leakfs::content {
namespace {

// Streams up to here that are read whole are not kept: most are mails that are read once.
constexpr std::uint64_t small_stream_size = 256_KiB;

// Streams that lie in one another: a zip in a compressed tar is two. Archives are walked four deep.
constexpr int nested_max = 8;

archive::StreamPlan plan_of(const records::Stream& record) {
  return {.kind = static_cast<archive::StreamKind>(record.kind()),
          .input = record.input(),
          .is_nested = record.is_nested(),
          .offset = record.offset(),
          .stored_length = record.stored_length(),
          .length = record.length()};
}

}  // namespace

// A range of a stream, in which an archive lies.
class Streams::NestedInput final : public codec::Input {
 public:
  NestedInput(Streams& streams, const archive::StreamPlan& plan)
      : streams_(streams), outer_{plan.input}, start_(plan.offset), size_(plan.stored_length) {}

  Result<std::size_t> read_some(std::uint64_t offset, char* buffer,
                                std::size_t length) const override {
    const Window window = within_size({.offset = offset, .length = length}, size_);
    const ByteString bytes =
        TRY(streams_.read(outer_, {.offset = start_ + window.offset, .length = window.length}));
    return bytes.copy(buffer, bytes.size());
  }
  std::uint64_t size() const override { return size_; }

 private:
  Streams& streams_;
  const StreamId outer_;
  const std::uint64_t start_;
  const std::uint64_t size_;
};

// A block: block_size bytes from a restart point or from the block before.
struct Streams::Place {
  StreamId id;
  const archive::StreamPlan& plan;
  store::Stretch stretch;  // its end is not behind that of the stream
  std::uint64_t begin = 0;

  std::size_t size() const { return size_at(begin); }
  // Of another block of the same stretch.
  std::size_t size_at(std::uint64_t offset) const {
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(store::block_size, stretch.end - offset));
  }
  CacheKey key(std::uint64_t offset) const {
    return {.kind = CacheKind::stream, .number = id.raw, .offset = offset};
  }
};

Streams::Streams(const store::Snapshot& index, archive::Source source, Cache& cache,
                 std::size_t decoder_memory_max)
    : index_(index),
      source_(std::move(source)),
      cache_(cache),
      decoders_(decoder_memory_max),
      block_ahead_([this](StreamId id, std::uint64_t offset) {
        const Result<ByteString> bytes = read(id, {.offset = offset, .length = 1});
        return bytes.has_value();
      }) {}

Result<std::unique_ptr<const codec::Input>> Streams::input_of(const archive::StreamPlan& plan) {
  if (!plan.is_nested) {
    const codec::Input* file = TRY(source_.input(plan.input));
    return std::make_unique<const codec::RangeInput>(*file, plan.offset, plan.stored_length);
  }
  // A stream lies in one before it; but each level is a call within a call.
  StreamId outer{plan.input};
  for (int level = 1;; ++level) {
    const store::Record<records::Stream> record = TRY(index_.stream(outer));
    if (!record->is_nested()) break;
    if (level == nested_max) return input_error("the index has too many streams in one another");
    outer = {record->input()};
  }
  return std::make_unique<const NestedInput>(*this, plan);
}

Result<ByteString> Streams::read(StreamId id, Window window) {
  if (window.length == 0) return ByteString();
  const store::Record<records::Stream> record = TRY(index_.stream(id));
  const archive::StreamPlan plan = plan_of(*record);
  if (window.offset > plan.length || window.length > plan.length - window.offset) {
    return input_error(EIO, "the index points behind the end of a stream");
  }
  if (plan.kind == archive::StreamKind::deflate && window.length == plan.length &&
      plan.length <= small_stream_size) {
    const std::unique_ptr<const codec::Input> input = TRY(input_of(plan));
    const auto decoder = TRY(archive::open_stream(plan.kind, *input, {}, {}));
    return take(*decoder, {.id = id, .plan = plan, .stretch = {.end = plan.length}}, 0);
  }
  return read_blocks(id, plan, window);
}

Result<ByteString> Streams::read_blocks(StreamId id, const archive::StreamPlan& plan,
                                        Window window) {
  const std::uint64_t end = window.offset + window.length;
  ByteString bytes;
  bytes.reserve(std::min(window.length, store::block_size));
  Place place{.id = id, .plan = plan, .stretch = {}};
  for (std::uint64_t offset = window.offset; offset < end;) {
    if (offset >= place.stretch.end || bytes.empty()) {
      place.stretch = TRY(index_.stretch(id, offset));
      place.stretch.end = std::min(place.stretch.end, plan.length);
      if (place.stretch.begin > offset || place.stretch.end <= offset) {
        return input_error(EIO, "the index has restart points in disorder");
      }
    }
    place.begin = offset - (offset - place.stretch.begin) % store::block_size;
    const SharedBytes block = TRY(this->block(place));
    const ByteString piece = cut(
        *block, {.offset = offset - place.begin, .length = static_cast<std::size_t>(end - offset)});
    if (piece.empty()) return input_error(EIO, "a block of a stream is short");
    bytes += piece;
    offset += piece.size();
  }
  const std::uint64_t next = place.begin + place.size();
  if (next < plan.length && plan.kind != archive::StreamKind::stored) {
    block_ahead_.note(id, {.offset = window.offset, .length = window.length}, next);
  }
  return bytes;
}

Result<SharedBytes> Streams::block(const Place& place) {
  return cache_.get(place.key(place.begin), [&]() -> Result<SharedBytes> {
    if (place.plan.kind == archive::StreamKind::stored) {
      return std::make_shared<const ByteString>(TRY(read_stored(place)));
    }
    if (place.plan.kind != archive::StreamKind::copied) return decode(place);
    if (place.begin != place.stretch.begin) return input_error("the index lost a block");
    return std::make_shared<const ByteString>(TRY(index_.block(place.stretch.frame)));
  });
}

Result<SharedBytes> Streams::decode(const Place& place) {
  const std::shared_ptr<ForwardDecoder> forward = decoders_.at(place.id, place.stretch.begin);
  const std::lock_guard lock(forward->mutex);
  // While this waited, another reader may have come by.
  if (SharedBytes bytes = cache_.find(place.key(place.begin))) return bytes;
  if (!forward->decoder || forward->position > place.begin) TRY(start(*forward, place));
  Result<SharedBytes> bytes = decode_up_to(*forward, place);
  decoders_.note_memory(forward, forward->decoder ? forward->decoder->memory() : 0);
  return bytes;
}

// The block, and those before it on the way.
Result<SharedBytes> Streams::decode_up_to(ForwardDecoder& forward, const Place& place) {
  // What it would give after an error, or where memory lacked, is in no place that is known.
  std::unique_ptr<codec::Decoder> decoder = std::move(forward.decoder);
  SharedBytes bytes;
  while (forward.position <= place.begin) {
    const std::uint64_t at = forward.position;
    bytes = std::make_shared<const ByteString>(TRY(take(*decoder, place, at)));
    forward.position += bytes->size();
    if (at != place.begin) cache_.put(place.key(at), bytes);
  }
  if (forward.position < place.stretch.end) forward.decoder = std::move(decoder);
  return bytes;
}

Result<ByteString> Streams::read_stored(const Place& place) {
  const std::unique_ptr<const codec::Input> input = TRY(input_of(place.plan));
  ByteString bytes(place.size(), '\0');
  std::size_t count = 0;
  while (count < bytes.size()) {
    const std::size_t more =
        TRY(input->read_some(place.begin + count, bytes.data() + count, bytes.size() - count));
    if (more == 0) return std::unexpected(changed(place.plan));
    count += more;
  }
  TRY(verify(place, place.begin, bytes));
  return bytes;
}

// The block at that offset, where the decoder stands.
Result<ByteString> Streams::take(codec::Decoder& decoder, const Place& place,
                                 std::uint64_t offset) {
  // To get here may have taken any number of blocks.
  if (is_stopped_) return input_error(EIO, "the tree is being unmounted");
  ByteString bytes(place.size_at(offset), '\0');
  const std::size_t count = TRY(decoder.read(bytes.data(), bytes.size()));
  // What was damaged when it was indexed ended there as well.
  if (count < bytes.size()) return std::unexpected(changed(place.plan));
  TRY(verify(place, offset, bytes));
  return bytes;
}

Result<void> Streams::verify(const Place& place, std::uint64_t offset, Bytes block) {
  const Checksum sum = TRY(index_.block_sum(place.id, place.stretch.begin, offset));
  if (checksum(block) == sum) return {};
  return std::unexpected(changed(place.plan));
}

// The bytes of a stream are not those that were indexed: says which file they are in.
Error Streams::changed(archive::StreamPlan plan) const {
  while (plan.is_nested && plan.kind != archive::StreamKind::copied) {
    const Result<store::Record<records::Stream>> outer = index_.stream({plan.input});
    if (!outer) return outer.error();
    plan = plan_of(**outer);
  }
  if (plan.kind != archive::StreamKind::copied) return source_.changed(plan.input);
  return {.status = ExitStatus::input, .number = EIO, .text = "the index is damaged"};
}

Result<void> Streams::start(ForwardDecoder& forward, const Place& place) {
  const store::Stretch& stretch = place.stretch;
  codec::RestartPoint point{.offset = stretch.begin, .input_bit = stretch.input_bit, .context = {}};
  if (stretch.frame.length() > 0) point.context = TRY(index_.block(stretch.frame));
  forward.decoder.reset();
  forward.input = TRY(input_of(place.plan));
  forward.decoder =
      TRY(archive::open_stream(place.plan.kind, *forward.input, point, source_.passphrase()));
  forward.position = stretch.begin;
  return {};
}

}  // namespace leakfs::content
