// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/input_files.h"

#include <cstdlib>
#include <memory>
#include <optional>

#include "index/base/file.h"

namespace leakfs::build {
namespace {

Result<InputFile> describe(const std::string& path) {
  InputFile input;
  const std::unique_ptr<char, void (*)(void*)> absolute(::realpath(path.c_str(), nullptr),
                                                        std::free);
  input.path = absolute == nullptr ? path : absolute.get();
  input.file = TRY(File::open(path));
  const struct stat status = TRY_WITHIN(path, input.file.status());
  input.is_directory = S_ISDIR(status.st_mode);
  if (!input.is_directory) input.fingerprint = TRY_WITHIN(path, archive::fingerprint(input.file));
  return input;
}

}  // namespace

Result<std::vector<InputFile>> describe_inputs(const std::vector<std::string>& paths) {
  std::vector<InputFile> inputs;
  for (const std::string& path : paths) inputs.push_back(TRY(describe(path)));
  return inputs;
}

Result<void> check_unchanged(const std::vector<InputFile>& inputs) {
  for (const InputFile& was : inputs) {
    std::optional<std::string> difference;
    struct stat named = {};
    const struct stat opened = TRY_WITHIN(was.path, was.file.status());
    if (::stat(was.path.c_str(), &named) != 0 || named.st_dev != opened.st_dev ||
        named.st_ino != opened.st_ino) {
      difference = "it is another file";
    } else if (!was.is_directory) {
      const archive::Fingerprint is = TRY_WITHIN(was.path, archive::fingerprint(was.file));
      difference = archive::difference(was.fingerprint, is);
    }
    if (difference) {
      return input_error(was.path + ": was changed while it was read: " + *difference,
                         "build the index again when nothing writes to it");
    }
  }
  return {};
}

}  // namespace leakfs::build
