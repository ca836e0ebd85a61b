// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/view/source_path.h"

namespace leakfs::view {
namespace {
constexpr int path_depth_max = 4096;  // of an index that somebody else made
}

std::string source_text(const std::string& path, const records::Source& source) {
  return source.is_in_mbox() ? path + "#" + std::to_string(source.mbox_offset()) : path;
}

Result<std::string> path_of(const store::Snapshot& index, EntryId entry) {
  std::string path;
  for (int depth = 0; entry.raw != 0; ++depth) {
    if (depth == path_depth_max) return input_error("the index has a loop in archive/");
    const store::Record<records::Entry> record = TRY(index.entry(entry));
    path.insert(0, path.empty() ? "" : "/").insert(0, store::text_of(record->name()));
    entry.raw = record->parent();
  }
  return path;
}

Result<std::vector<std::string>> sources_of(const store::Snapshot& index,
                                            const records::Message& message) {
  std::vector<std::string> texts;
  if (message.sources() == nullptr) return texts;
  for (const records::Source* source : *message.sources()) {
    const std::string path = TRY(path_of(index, {source->entry()}));
    texts.push_back(source_text(path, *source));
  }
  return texts;
}

}  // namespace leakfs::view
