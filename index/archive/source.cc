// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/source.h"

#include <cerrno>
#include <utility>

#include "index/archive/forward_readers.h"
#include "index/archive/inflater.h"

namespace leakfs::archive {
namespace {

// Streams up to here are decoded anew for each read: most are mails that are read once, whole.
constexpr std::uint64_t small_stream_size = 256 << 10;

}  // namespace

Source::Source() : readers_(std::make_unique<ForwardReaders>()) {}
Source::~Source() = default;
Source::Source(Source&&) noexcept = default;
Source& Source::operator=(Source&&) noexcept = default;

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
      if (plan.length <= small_stream_size) return Inflater(file, plan).read(offset, length);
      return readers_->read(file, plan, offset, length);
    case StreamKind::copied:
      break;
  }
  return internal_error("a copied stream is not in the archive");
}

}  // namespace leakfs::archive
