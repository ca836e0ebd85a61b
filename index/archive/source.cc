// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/source.h"

#include <atomic>
#include <cerrno>
#include <utility>

#include "index/base/file.h"

namespace leakfs::archive {

class Source::OpenInput final : public codec::Input {
 public:
  OpenInput(std::string name, File file, const struct stat& status)
      : name_(std::move(name)),
        file_(std::move(file)),
        status_(status),
        input_(file_, static_cast<std::uint64_t>(status.st_size)) {}

  Result<std::size_t> read_some(std::uint64_t offset, char* buffer,
                                std::size_t length) const override {
    TRY(check_unchanged());
    return input_.read_some(offset, buffer, length);
  }
  std::uint64_t size() const override { return input_.size(); }

  Error changed() const {
    return {.status = ExitStatus::input,
            .number = EIO,
            .text = name_ + ": changed since it was indexed",
            .hint = "put the original file in its place and mount it again"};
  }

 private:
  // Whoever writes to a file touches its time; its bytes may be others than were indexed from then
  // on. The time of its status is no sign: that changes when another file takes its name, and with
  // its permissions.
  Result<void> check_unchanged() const {
    if (is_changed_) return std::unexpected(changed());
    const struct stat now = TRY(file_.status());
    const bool is_same = now.st_size == status_.st_size &&
                         now.st_mtim.tv_sec == status_.st_mtim.tv_sec &&
                         now.st_mtim.tv_nsec == status_.st_mtim.tv_nsec;
    if (is_same) return {};
    is_changed_ = true;
    return std::unexpected(changed());
  }

  const std::string name_;
  const File file_;
  const struct stat status_;  // when it was opened
  const codec::FileInput input_;
  mutable std::atomic<bool> is_changed_ = false;
};

Source::Source() = default;
Source::~Source() = default;
Source::Source(Source&&) noexcept = default;
Source& Source::operator=(Source&&) noexcept = default;

Result<Source> Source::open(const std::vector<std::string>& inputs,
                            std::optional<std::string> passphrase) {
  Source source;
  source.passphrase_ = std::move(passphrase);
  for (const std::string& path : inputs) {
    if (path.empty()) {
      source.inputs_.emplace_back();
      continue;
    }
    File file = TRY(File::open(path));
    const struct stat status = TRY_WITHIN(path, file.status());
    source.inputs_.push_back(
        std::make_unique<OpenInput>(file_name_of(path), std::move(file), status));
  }
  return source;
}

Result<const codec::Input*> Source::input(std::uint32_t number) const {
  if (number >= inputs_.size() || !inputs_[number]) {
    return input_error(EIO, "the archive is not here", "name it with -o archive=FILE");
  }
  return inputs_[number].get();
}

Error Source::changed(std::uint32_t number) const {
  if (number >= inputs_.size() || !inputs_[number]) {
    return {.status = ExitStatus::input, .number = EIO, .text = "the archive is not here"};
  }
  return inputs_[number]->changed();
}

}  // namespace leakfs::archive
