// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/content/inputs.h"

#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "index/archive/fingerprint.h"
#include "index/base/file.h"
#include "index/store/records.h"

namespace leakfs::content {
namespace {

// Absent if the file is the one that was indexed.
Result<std::optional<std::string>> difference_of(const std::string& path,
                                                 const records::Input& input) {
  const File file = TRY(File::open(path));
  const archive::Fingerprint is = TRY_WITHIN(path, archive::fingerprint(file));
  const archive::Fingerprint was{.size = input.size(),
                                 .edges = ByteString(store::bytes_of(input.edges())),
                                 .samples = ByteString(store::bytes_of(input.samples()))};
  return archive::difference(was, is);
}

bool is_there(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

std::optional<std::string> given_path(const std::vector<std::string>& given, std::size_t number,
                                      std::size_t inputs, const std::string& name) {
  if (given.size() == inputs) return given[number];
  for (const std::string& path : given) {
    if (file_name_of(path) == name) return path;
  }
  return std::nullopt;
}

}  // namespace

Result<Inputs> open_inputs(const store::Snapshot& index, const std::string& index_path,
                           const std::vector<std::string>& given,
                           std::optional<std::string> passphrase) {
  Inputs result;
  std::vector<std::string> paths;
  const auto* inputs = index.index().inputs();
  const std::size_t count = inputs == nullptr ? 0 : inputs->size();
  for (std::size_t number = 0; number < count; ++number) {
    const records::Input* input = inputs->Get(static_cast<flatbuffers::uoffset_t>(number));
    std::string& path = paths.emplace_back();
    if (input->is_directory()) continue;  // its content is in the index
    const std::string recorded(store::text_of(input->path()));
    const std::string name = file_name_of(recorded);
    const std::string beside = directory_of(index_path) + "/" + name;
    if (const auto named = given_path(given, number, count, name); named) {
      path = *named;
    } else if (is_there(beside)) {
      path = beside;
    } else if (is_there(recorded)) {
      path = recorded;
    } else {
      result.missing.push_back(name);
      continue;
    }
    if (const std::optional<std::string> difference = TRY(difference_of(path, *input));
        difference) {
      return input_error(
          fmt::format("{}: is not the file that {} was made of: {}", path, index_path, *difference),
          "give the original file, or index this one with mkleakfs");
    }
  }
  result.source = TRY(archive::Source::open(paths, std::move(passphrase)));
  return result;
}

}  // namespace leakfs::content
