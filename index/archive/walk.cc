// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/walk.h"

#include <unordered_set>

#include "index/archive/walk_context.h"
#include "index/base/file.h"

namespace leakfs::archive {
namespace {

Result<InputSummary> walk_input(WalkState& state, Archive archive) {
  const File file = TRY(File::open(archive.path));
  const struct stat status = TRY_WITHIN(archive.path, file.status());
  const codec::FileInput input(file, static_cast<std::uint64_t>(status.st_size));
  const bool is_directory = S_ISDIR(status.st_mode);
  if (!is_directory) archive.input = &input;
  WalkContext context(state, std::move(archive));
  if (is_directory) {
    TRY(walk_directory(context));
  } else {
    // By content: names of leaked files say little.
    const Shape shape = TRY_WITHIN(context.path(), shape_of(input));
    TRY(walk_shape(context, shape));
  }
  TRY(context.end());
  if (context.summary().members == 0) {
    return input_error(context.path() + ": holds no file", "give an archive that holds mail");
  }
  return context.summary();
}

// Two inputs of the same name are told apart by "~2".
std::string distinct_name(const std::string& path, std::unordered_set<std::string>& taken) {
  std::string trimmed = path;
  while (trimmed.size() > 1 && trimmed.ends_with('/')) trimmed.pop_back();
  std::string name = file_name_of(trimmed);
  if (name.empty() || name == "." || name == ".." || name == "/") name = "input";
  const std::string base = name;
  for (int number = 2; !taken.insert(name).second; ++number) {
    name = base + "~" + std::to_string(number);
  }
  return name;
}

}  // namespace

Result<std::vector<InputSummary>> walk(const std::vector<std::string>& inputs,
                                       const WalkOptions& options, Visitor& visitor) {
  WalkState state{.visitor = visitor, .options = options};
  std::vector<InputSummary> summaries;
  std::unordered_set<std::string> names;
  for (const std::string& path : inputs) {
    const std::string name = distinct_name(path, names);
    summaries.push_back(
        TRY(walk_input(state, {.path = path,
                               .source = name,
                               .root = name,
                               .number = static_cast<std::uint32_t>(summaries.size())})));
  }
  return summaries;
}

}  // namespace leakfs::archive
