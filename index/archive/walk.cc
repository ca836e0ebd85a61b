// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/walk.h"

#include <unordered_set>

#include "index/archive/walk_context.h"
#include "index/base/file.h"

namespace leakfs::archive {
namespace {

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

Result<Walk> Walk::open(const std::vector<std::string>& inputs, const WalkOptions& options) {
  Walk walk;
  walk.options_ = options;
  std::unordered_set<std::string> names;
  for (const std::string& path : inputs) {
    Input input = {.path = path, .name = distinct_name(path, names)};
    input.file = TRY(File::open(path));
    const struct stat status = TRY_WITHIN(path, input.file.status());
    input.is_directory = S_ISDIR(status.st_mode);
    if (!input.is_directory) input.size = static_cast<std::uint64_t>(status.st_size);
    walk.inputs_.push_back(std::move(input));
  }
  // The deepest is only told to be too deep, but is looked at as the others are.
  for (int level = 0; level <= nested_max + 1; ++level) {
    walk.scratch_.push_back(TRY(File::temporary_beside(options.temporary_beside)));
  }
  return walk;
}

std::uint64_t Walk::bytes_before(std::size_t input) const {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < input; ++i) total += inputs_[i].size;
  return total;
}

std::vector<int> Walk::descriptors() const {
  std::vector<int> all;
  for (const Input& input : inputs_) all.push_back(input.file.descriptor());
  for (const File& file : scratch_) all.push_back(file.descriptor());
  return all;
}

std::vector<std::string> Walk::directories() const {
  std::vector<std::string> paths;
  for (const Input& input : inputs_) {
    if (input.is_directory) paths.push_back(input.path);
  }
  return paths;
}

Result<InputSummary> Walk::run(std::size_t number, WalkTotals& totals, Visitor& visitor) const {
  const Input& input = inputs_[number];
  WalkState state{.visitor = visitor,
                  .options = options_,
                  .scratch = scratch_,
                  .totals = totals,
                  .bytes_before = bytes_before(number)};
  totals.input_bytes += input.size;
  const codec::FileInput bytes(input.file, input.size);
  WalkContext context(state, {.path = input.path,
                              .source = input.name,
                              .root = input.name,
                              .input = input.is_directory ? nullptr : &bytes,
                              .number = static_cast<std::uint32_t>(number)});
  if (totals.is_over) {
    context.loss(context.source(), 0, "left-out", "a limit was hit before it: it was not read");
    return context.summary();
  }
  Result<void> walked;
  if (input.is_directory) {
    walked = walk_directory(context);
  } else {
    // By content: names of leaked files say little.
    const Shape shape = TRY_WITHIN(input.path, shape_of(bytes));
    walked = walk_shape(context, shape);
  }
  TRY(context.end(std::move(walked)));
  if (context.summary().members == 0) {
    return input_error(input.path + ": holds no file", "give an archive that holds mail");
  }
  return context.summary();
}

}  // namespace leakfs::archive
