// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/output.h"

#include <utility>

#include <fmt/format.h>

#include "index/archive/writer.h"
#include "tools/sample/header.h"

namespace leakfs::sample {
namespace {

constexpr std::size_t pending_max = 1 << 20;

class ArchiveOutput final : public Output {
 public:
  explicit ArchiveOutput(archive::Writer writer) : writer_(std::move(writer)) {}

  Result<void> add(const std::string& path, UnixTime date, Bytes message) override {
    return writer_.add(path, date, message);
  }
  Result<void> close() override { return writer_.close(); }

 private:
  archive::Writer writer_;
};

class MboxOutput final : public Output {
 public:
  explicit MboxOutput(TextFile file) : file_(std::move(file)) {}

  Result<void> add(const std::string&, UnixTime date, Bytes message) override {
    TRY(file_.append(fmt::format("From sample@campagne.example {}\n", mbox_date(date))));
    TRY(file_.append(message));
    return file_.append("\n");
  }
  Result<void> close() override { return file_.close(); }

 private:
  TextFile file_;
};

}  // namespace

bool is_mbox(const std::string& path) { return path.ends_with(".mbox"); }

Result<std::unique_ptr<Output>> Output::create(const std::string& path) {
  if (is_mbox(path)) return std::make_unique<MboxOutput>(TRY(TextFile::create(path)));
  return std::make_unique<ArchiveOutput>(TRY(archive::Writer::create(path)));
}

Result<TextFile> TextFile::create(const std::string& path) {
  return TextFile(TRY(File::create(path)), path);
}

Result<void> TextFile::append(Bytes text) {
  pending_ += text;
  if (pending_.size() >= pending_max) return flush();
  return {};
}

Result<void> TextFile::flush() {
  TRY_WITHIN(path_, file_.write(written_, pending_));
  written_ += pending_.size();
  pending_.clear();
  return {};
}

Result<void> TextFile::close() {
  TRY(flush());
  TRY_WITHIN(path_, file_.sync());
  return {};
}

}  // namespace leakfs::sample
