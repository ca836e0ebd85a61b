// SPDX-License-Identifier: GPL-3.0-or-later
// Where a message was found, in words: its member's path below archive/, and for a message of an
// mbox "#" and the offset of its first byte.
#pragma once

#include <string>
#include <vector>

#include "index/base/error.h"
#include "index/store/snapshot.h"

namespace leakfs::view {

// `path` is that of the source's entry.
std::string source_text(const std::string& path, const records::Source& source);

// "leak.tar.gz/mail/inbox" for an entry of the index.
Result<std::string> path_of(const store::Snapshot& index, EntryId entry);

Result<std::vector<std::string>> sources_of(const store::Snapshot& index,
                                            const records::Message& message);

}  // namespace leakfs::view
