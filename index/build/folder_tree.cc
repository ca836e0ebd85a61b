// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/folder_tree.h"

#include <algorithm>

#include "index/store/records.h"

namespace leakfs::build {

struct FolderTree::Folder {
  std::map<std::string, std::unique_ptr<Folder>> children;
  ByteString messages;  // packed as in the table
  std::optional<UnixTime> newest;
  records::Naming naming = records::Naming::full;

  Folder& child(const std::string& name) {
    std::unique_ptr<Folder>& folder = children[name];
    if (folder == nullptr) folder = std::make_unique<Folder>();
    return *folder;
  }

  void note(std::optional<UnixTime> date) {
    if (date && (!newest || *date > *newest)) newest = date;
  }
};

FolderTree::FolderTree() : root_(std::make_unique<Folder>()) {
  for (const std::string& name : view::view_names()) root_->child(name);
}

FolderTree::~FolderTree() = default;

void FolderTree::add(MessageId message, std::optional<UnixTime> date,
                     const view::FolderPath& path) {
  Folder* folder = root_.get();
  folder->note(date);
  for (const std::string& name : path.names) {
    folder = &folder->child(name);
    folder->note(date);
  }
  folder->naming = path.naming;
  folder->messages += store::bytes_of(store::key_of(message.raw));
}

Result<std::uint32_t> FolderTree::write(store::TableWriter& tables) const {
  struct Numbered {
    const Folder* folder;
    const std::string* name;
    std::uint32_t parent;
  };
  // Breadth first: the children of a folder get the next free numbers in one go.
  const std::string root_name;
  std::vector<Numbered> all = {{root_.get(), &root_name, 0}};
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    const Folder& folder = *all[i].folder;
    records::FolderT record;
    record.name = *all[i].name;
    record.parent = all[i].parent;
    record.first_child = static_cast<std::uint32_t>(all.size());
    record.children = static_cast<std::uint32_t>(folder.children.size());
    record.messages = static_cast<std::uint32_t>(folder.messages.size() / 4);
    record.naming = folder.naming;
    record.newest = folder.newest;
    for (const auto& [name, child] : folder.children) all.push_back({child.get(), &name, i});
    const auto key = store::key_of(i);
    TRY(tables.append(store::Table::folders, store::bytes_of(key),
                      store::encode<records::Folder>(record)));
    if (!folder.messages.empty()) {
      TRY(tables.append(store::Table::folder_messages, store::bytes_of(key), folder.messages));
    }
  }
  return static_cast<std::uint32_t>(all.size());
}

}  // namespace leakfs::build
