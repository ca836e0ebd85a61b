// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/spool.h"

#include <algorithm>
#include <cstring>

namespace leakfs::build {
namespace {
constexpr std::size_t buffer_size = 1 << 20;
using Length = std::uint32_t;
}  // namespace

Result<Spool> Spool::create(const std::string& beside) {
  Spool spool;
  spool.file_ = TRY(File::temporary_beside(beside));
  return spool;
}

Result<void> Spool::append(Bytes record) {
  const auto length = static_cast<Length>(record.size());
  buffer_.append(reinterpret_cast<const char*>(&length), sizeof length);
  buffer_ += record;
  if (buffer_.size() >= buffer_size) {
    TRY_WITHIN("the index", file_.write(offset_, buffer_));
    offset_ += buffer_.size();
    buffer_.clear();
  }
  return {};
}

Result<void> Spool::rewind() {
  if (!is_reading_) TRY_WITHIN("the index", file_.write(offset_, buffer_));
  is_reading_ = true;
  buffer_.clear();
  taken_ = 0;
  offset_ = 0;
  return {};
}

Result<std::optional<ByteString>> Spool::next() {
  Length length = 0;
  const auto fill = [this](std::size_t wanted) -> Result<bool> {
    if (buffer_.size() - taken_ >= wanted) return true;
    buffer_.erase(0, taken_);
    taken_ = 0;
    const std::size_t kept = buffer_.size();
    buffer_.resize(kept + std::max(wanted, buffer_size));
    const std::size_t count =
        TRY(file_.read_some(offset_, buffer_.data() + kept, buffer_.size() - kept));
    buffer_.resize(kept + count);
    offset_ += count;
    return buffer_.size() >= wanted;
  };
  if (!TRY(fill(sizeof length))) return std::nullopt;
  std::memcpy(&length, buffer_.data() + taken_, sizeof length);
  taken_ += sizeof length;
  if (!TRY(fill(length))) return internal_error("a record of the build is cut");
  ByteString record = buffer_.substr(taken_, length);
  taken_ += length;
  return record;
}

}  // namespace leakfs::build
