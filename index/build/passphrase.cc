// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/passphrase.h"

#include "index/base/file.h"

namespace leakfs::build {

Result<std::string> read_passphrase(const std::string& path) {
  constexpr std::size_t size_max = 4096;
  const File file = TRY(File::open(path));
  std::string text(size_max, '\0');
  text.resize(TRY_WITHIN(path, file.read_some(0, text.data(), text.size())));
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  if (text.empty()) {
    return std::unexpected(
        Error{.status = ExitStatus::passphrase, .text = path + ": holds no passphrase"});
  }
  return text;
}

}  // namespace leakfs::build
