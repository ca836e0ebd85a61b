// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/walk.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "index/archive/walk_context.h"
#include "index/base/file.h"

namespace leakfs::archive {
namespace {

// Volume descriptors of ECMA-119 begin in sector 16.
constexpr std::uint64_t iso9660_magic_at = 0x8001;

enum class Shape : std::uint8_t { directory, zip, seekable, stream };

// By content: names of leaked files say little.
Result<Shape> shape_of(const File& file) {
  const struct stat status = TRY(file.status());
  if (S_ISDIR(status.st_mode)) return Shape::directory;
  char magic[8] = {};
  const Bytes head(magic, TRY(file.read_some(0, magic, sizeof magic)));
  if (head.starts_with("PK\3\4") || head.starts_with("PK\5\6") || head.starts_with("PK00PK\3\4")) {
    return Shape::zip;
  }
  if (head.starts_with("7z\xbc\xaf\x27\x1c") || head.starts_with("Rar!\x1a\x07")) {
    return Shape::seekable;
  }
  const Bytes sector(magic, TRY(file.read_some(iso9660_magic_at, magic, 5)));
  return sector == "CD001" ? Shape::seekable : Shape::stream;
}

Result<void> walk_input(WalkContext& context) {
  const File file = TRY(File::open(context.path()));
  const Shape shape = TRY_WITHIN(context.path(), shape_of(file));
  switch (shape) {
    case Shape::directory:
      return walk_directory(context);
    case Shape::zip:
      TRY(walk_zip(context, file));
      break;
    case Shape::seekable:
      TRY(walk_seekable(context, file));
      break;
    case Shape::stream:
      TRY(walk_stream(context, file));
      break;
  }
  context.end_input(TRY(file.size()));
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
