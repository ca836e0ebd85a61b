// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/frame.h"

#include <new>
#include <string>

#define ZDICT_STATIC_LINKING_ONLY  // for the choice of an algorithm, which is in the library
#include <zdict.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace leakfs::store {
namespace {

// Below this a dictionary costs more than it saves.
constexpr std::size_t training_size_min = 64 << 10;
constexpr std::size_t training_samples_min = 64;
constexpr int training_level = 3;  // zstd; that of texts and records

struct FreeDecoder {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Decoder state is per thread, so that reading needs no lock.
ZSTD_DCtx* thread_decoder() {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeDecoder> context(ZSTD_createDCtx());
  if (context == nullptr) throw std::bad_alloc();
  return context.get();
}

template <typename Value>
Value* allocated(Value* value) {
  if (value == nullptr) throw std::bad_alloc();
  return value;
}

}  // namespace

ByteString train_dictionary(const std::vector<Bytes>& samples) {
  ByteString joined;
  std::vector<std::size_t> sizes;
  for (const Bytes sample : samples) {
    if (sample.empty()) continue;
    joined += sample;
    sizes.push_back(sample.size());
  }
  if (joined.size() < training_size_min || sizes.size() < training_samples_min) return {};
  ByteString dictionary(dictionary_size_max, '\0');
  // ZDICT_trainFromBuffer() tries several segment sizes, for seven times the time of this one, and
  // a dictionary that is no better for mail.
  ZDICT_fastCover_params_t parameters = {};
  parameters.k = 200;  // bytes of a segment
  parameters.d = 8;    // bytes of a match
  parameters.f = 20;   // bits of the table of frequencies
  parameters.accel = 1;
  parameters.zParams.compressionLevel = training_level;
  const std::size_t size = ZDICT_trainFromBuffer_fastCover(
      dictionary.data(), dictionary.size(), joined.data(), sizes.data(),
      static_cast<unsigned>(sizes.size()), parameters);
  if (ZDICT_isError(size) != 0U) return {};
  dictionary.resize(size);
  return dictionary;
}

std::uint64_t frame_size_max(std::uint64_t content_size) {
  // As ZSTD_compressBound(), which is for what fits into memory.
  constexpr std::uint64_t overhead = 1 << 10;
  return content_size + content_size / 128 + overhead;
}

struct FrameEncoder::State {
  ZSTD_CCtx* context = nullptr;
  ZSTD_CDict* dictionary = nullptr;

  ~State() {
    ZSTD_freeCCtx(context);
    ZSTD_freeCDict(dictionary);
  }
};

ByteString encode_dictionary(Bytes dictionary) {
  constexpr int level = 3;
  ByteString frame;
  if (!dictionary.empty()) FrameEncoder(Bytes(), level).append(frame, dictionary);
  return frame;
}

FrameEncoder::FrameEncoder(Bytes dictionary, int level) : state_(std::make_unique<State>()) {
  state_->context = allocated(ZSTD_createCCtx());
  ZSTD_CCtx_setParameter(state_->context, ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(state_->context, ZSTD_c_checksumFlag, 1);
  // The record says which dictionary; its 4-byte id in every frame would say it again.
  ZSTD_CCtx_setParameter(state_->context, ZSTD_c_dictIDFlag, 0);
  if (!dictionary.empty()) {
    state_->dictionary = allocated(ZSTD_createCDict(dictionary.data(), dictionary.size(), level));
    ZSTD_CCtx_refCDict(state_->context, state_->dictionary);
  }
}

FrameEncoder::~FrameEncoder() = default;
FrameEncoder::FrameEncoder(FrameEncoder&&) noexcept = default;
FrameEncoder& FrameEncoder::operator=(FrameEncoder&&) noexcept = default;

void FrameEncoder::append(ByteString& out, Bytes bytes) {
  const std::size_t start = out.size();
  out.resize(start + ZSTD_compressBound(bytes.size()));
  const std::size_t size = ZSTD_compress2(state_->context, out.data() + start, out.size() - start,
                                          bytes.data(), bytes.size());
  // Fails for want of memory only: the output has room for the worst case.
  if (ZSTD_isError(size) != 0U) throw std::bad_alloc();
  out.resize(start + size);
}

struct FrameDecoder::State {
  ZSTD_DDict* dictionary = nullptr;

  ~State() { ZSTD_freeDDict(dictionary); }
};

FrameDecoder::FrameDecoder(Bytes dictionary) : state_(std::make_unique<State>()) {
  if (!dictionary.empty()) {
    state_->dictionary = allocated(ZSTD_createDDict(dictionary.data(), dictionary.size()));
  }
}

FrameDecoder::~FrameDecoder() = default;
FrameDecoder::FrameDecoder(FrameDecoder&&) noexcept = default;
FrameDecoder& FrameDecoder::operator=(FrameDecoder&&) noexcept = default;

Result<ByteString> FrameDecoder::decode(Bytes frame, std::uint64_t size_max) const {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > size_max) {
    return input_error("a frame of the index is damaged");
  }
  ByteString content(size, '\0');
  const std::size_t count =
      ZSTD_decompress_usingDDict(thread_decoder(), content.data(), content.size(), frame.data(),
                                 frame.size(), state_->dictionary);
  if (ZSTD_getErrorCode(count) == ZSTD_error_memory_allocation) throw std::bad_alloc();
  if (ZSTD_isError(count) != 0U || count != size) {
    return input_error("a frame of the index is damaged");
  }
  return content;
}

}  // namespace leakfs::store
