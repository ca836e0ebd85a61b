// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/walk.h"

#include <unordered_set>

#include "index/archive/shape.h"
#include "index/archive/walk_context.h"
#include "index/base/file.h"

namespace leakfs::archive {
namespace {

Result<void> walk_input(WalkContext& context) {
  const File file = TRY(File::open(context.path()));
  const struct stat status = TRY_WITHIN(context.path(), file.status());
  if (S_ISDIR(status.st_mode)) return walk_directory(context);
  const codec::FileInput input(file, static_cast<std::uint64_t>(status.st_size));
  // By content: names of leaked files say little.
  const Shape shape = TRY_WITHIN(context.path(), shape_of(input));
  switch (shape) {
    case Shape::zip:
      TRY(walk_zip(context, input));
      break;
    case Shape::seekable:
      TRY(walk_seekable(context, input));
      break;
    case Shape::stream:
      TRY(walk_stream(context, input));
      break;
  }
  context.end_input(input.size());
  return {};
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
  WalkContext context(visitor, options);
  std::vector<InputSummary> summaries;
  std::unordered_set<std::string> names;
  for (const std::string& path : inputs) {
    context.begin_input(static_cast<std::uint32_t>(summaries.size()), path,
                        distinct_name(path, names));
    TRY(walk_input(context));
    if (context.summary().members == 0) {
      return input_error(path + ": holds no file", "give an archive that holds mail");
    }
    summaries.push_back(context.summary());
  }
  return summaries;
}

}  // namespace leakfs::archive
