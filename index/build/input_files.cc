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
  const File file = TRY(File::open(path));
  const struct stat status = TRY_WITHIN(path, file.status());
  input.is_directory = S_ISDIR(status.st_mode);
  if (!input.is_directory) input.fingerprint = TRY_WITHIN(path, archive::fingerprint(file));
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
    const InputFile is = TRY(describe(was.path));
    const std::optional<std::string> difference =
        archive::difference(was.fingerprint, is.fingerprint);
    if (difference || was.is_directory != is.is_directory) {
      return input_error(was.path + ": was changed while it was read: " +
                             difference.value_or("it is another file"),
                         "build the index again when nothing writes to it");
    }
  }
  return {};
}

}  // namespace leakfs::build
