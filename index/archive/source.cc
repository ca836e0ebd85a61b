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
  for (const std::string& path : inputs) {
    Input& input = source.inputs_.emplace_back();
    if (path.empty()) continue;
    input.file = TRY(File::open(path));
    input.status = TRY_WITHIN(path, input.file.status());
  }
  return source;
}

// Whoever writes to a file touches its time; its bytes may be others than were indexed from then
// on.
Result<void> Source::check_unchanged(const Input& input) {
  const struct stat now = TRY(input.file.status());
  const struct stat& was = input.status;
  const bool is_same = now.st_size == was.st_size && now.st_mtim.tv_sec == was.st_mtim.tv_sec &&
                       now.st_mtim.tv_nsec == was.st_mtim.tv_nsec;
  if (!is_same) return input_error(EIO, "the archive was changed since it was opened");
  return {};
}

Result<ByteString> Source::read(const StreamPlan& plan, std::uint64_t offset,
                                std::size_t length) const {
  if (plan.input >= inputs_.size() || !inputs_[plan.input].file.is_open()) {
    return input_error(EIO, "the archive is not here", "name it with -o archive=FILE");
  }
  if (offset > plan.length || length > plan.length - offset) {
    return input_error(EIO, "the index points behind the end of a stream");
  }
  TRY(check_unchanged(inputs_[plan.input]));
  const File& file = inputs_[plan.input].file;
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
