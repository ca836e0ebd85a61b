// SPDX-License-Identifier: GPL-3.0-or-later
// The views of leakfs-tree(7): which folders a message or an attachment is in. A new view is one
// row of a table in views.cc.
#pragma once

#include <string>
#include <vector>

#include "index/store/records_generated.h"

namespace leakfs::view {

// A folder by its names from the root of the views, "by-date", "2017", "04", "24", and how what it
// holds is named.
struct FolderPath {
  std::vector<std::string> names;
  records::Naming naming = records::Naming::full;
};

// Every folder that the message is in, each once, in the order of the table.
std::vector<FolderPath> folders_of(const records::Message& message);

// The first names of all views, which exist even when they are empty.
std::vector<std::string> view_names();

// The same below attachments/: every folder that an attachment of the message is in.
std::vector<FolderPath> attachment_folders_of(const records::Message& message,
                                              const records::Attachment& attachment);
std::vector<std::string> attachment_view_names();

}  // namespace leakfs::view
