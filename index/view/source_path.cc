// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/view/source_path.h"

#include "index/base/file_name.h"

namespace leakfs::view {
namespace {
// Of mkleakfs, which makes no more than this of what an archive says.
constexpr int path_depth_max = 129;
}  // namespace

std::string source_text(const std::string& path, const records::Source& source) {
  return source.is_in_mbox() ? path + "#" + std::to_string(source.mbox_offset()) : path;
}

Result<std::string> path_of(const store::Snapshot& index, EntryId entry) {
  std::string path;
  for (int depth = 0; entry.raw != 0; ++depth) {
    if (depth == path_depth_max)
      return input_error("the index has folders without end in archive/");
    const store::Record<records::Entry> record = TRY(index.entry(entry));
    if (!is_file_name(store::text_of(record->name()))) {
      return input_error("the index has a name in archive/ that no file can have");
    }
    path.insert(0, path.empty() ? "" : "/").insert(0, store::text_of(record->name()));
    entry.raw = record->parent();
  }
  return path;
}

Result<std::vector<std::string>> sources_of(const store::Snapshot& index,
                                            const records::Message& message) {
  std::vector<std::string> texts;
  if (message.sources() == nullptr) return texts;
  // They are all shown in the front.
  std::uint64_t room = message.front_size();
  for (const records::Source* source : *message.sources()) {
    const std::string path = TRY(path_of(index, {source->entry()}));
    texts.push_back(source_text(path, *source));
    if (texts.back().size() > room) return input_error("the index has a front of another size");
    room -= texts.back().size();
  }
  return texts;
}

}  // namespace leakfs::view
