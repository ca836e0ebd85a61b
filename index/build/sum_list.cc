// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/sum_list.h"

#include <algorithm>
#include <utility>

#include "index/store/heap.h"
#include "index/store/snapshot.h"

namespace leakfs::build {

static_assert(archive::sum_block_size == store::block_size);
static_assert(archive::sum_group_size == store::sum_group_size);

void SumList::add(const archive::SumGroup& group) {
  groups_.push_back({.stream = group.stream,
                     .size = static_cast<std::uint32_t>(group.sums.size()),
                     .offset = group.offset,
                     .at = sums_.size()});
  sums_ += group.sums;
}

Result<void> SumList::write(store::TableWriter& tables) {
  // The streams of an archive and of those within it come by turns.
  std::ranges::sort(groups_, {},
                    [](const Group& group) { return std::pair(group.stream, group.offset); });
  for (const Group& group : groups_) {
    TRY(tables.append(store::Table::sums,
                      store::bytes_of(store::point_key(group.stream.raw, group.offset)),
                      Bytes(sums_).substr(group.at, group.size)));
  }
  return {};
}

}  // namespace leakfs::build
