// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/folder_tree.h"

#include <algorithm>

#include "index/store/records.h"

namespace leakfs::build {

struct FolderTree::Folder {
  std::map<std::string, std::unique_ptr<Folder>> children;
  ByteString numbers;  // packed as in the table
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

FolderTree::FolderTree(const std::vector<std::string>& views) : root_(std::make_unique<Folder>()) {
  for (const std::string& name : views) root_->child(name);
}

FolderTree::~FolderTree() = default;

void FolderTree::add(std::uint32_t number, std::optional<UnixTime> date,
                     const view::FolderPath& path) {
  Folder* folder = root_.get();
  folder->note(date);
  for (const std::string& name : path.names) {
    folder = &folder->child(name);
    folder->note(date);
  }
  folder->naming = path.naming;
  folder->numbers += store::bytes_of(store::key_of(number));
}

Result<FolderId> FolderTree::write(FolderId root, store::TableWriter& tables) const {
  struct Numbered {
    const Folder* folder;
    const std::string* name;
    std::uint32_t parent;
  };
  // Breadth first: the children of a folder get the next free numbers in one go.
  const std::string root_name;
  std::vector<Numbered> all = {{root_.get(), &root_name, root.raw}};
  const auto next_number = [&] { return root.raw + static_cast<std::uint32_t>(all.size()); };
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    const Folder& folder = *all[i].folder;
    records::FolderT record;
    record.name = *all[i].name;
    record.parent = all[i].parent;
    record.first_child = next_number();
    record.children = static_cast<std::uint32_t>(folder.children.size());
    record.messages = static_cast<std::uint32_t>(folder.numbers.size() / 4);
    record.naming = folder.naming;
    record.newest = folder.newest;
    const std::uint32_t number = root.raw + i;
    for (const auto& [name, child] : folder.children) all.push_back({child.get(), &name, number});
    const auto key = store::key_of(number);
    TRY(tables.append(store::Table::folders, store::bytes_of(key),
                      store::encode<records::Folder>(record)));
    if (!folder.numbers.empty()) {
      TRY(tables.append(store::Table::folder_messages, store::bytes_of(key), folder.numbers));
    }
  }
  return FolderId{next_number()};
}

}  // namespace leakfs::build
