// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/key_files.h"

#include "index/base/file.h"
#include "index/dkim/shipped_keys.h"

namespace leakfs::build {

Result<LoadedKeys> load_keys(const KeyFiles& files, ProgressListener& listener) {
  LoadedKeys keys;
  std::vector<dkim::KeyFileProblem> found;
  for (const std::string& path : files.paths) TRY(keys.keyring.load(path, found));
  if (files.has_shipped) keys.keyring.add(dkim::shipped_keys(), dkim::shipped_keys_name, found);
  for (const dkim::KeyFileProblem& problem : found) {
    const std::string line = ":" + std::to_string(problem.line);
    listener.warn(problem.file + line + ": " + problem.what);
    keys.problems.push_back({.source = file_name_of(problem.file) + line,
                             .kind = "keys",
                             .detail = problem.what,
                             .is_loss = true});
  }
  return keys;
}

}  // namespace leakfs::build
