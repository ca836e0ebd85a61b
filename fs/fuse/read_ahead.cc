// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/read_ahead.h"

#include <algorithm>

namespace leakfs::fuse {

ReadAhead::Reader& ReadAhead::reader_of(pid_t thread) {
  const auto found = std::ranges::find(readers_, thread, &Reader::thread);
  if (found == readers_.end()) {
    readers_.push_front({.thread = thread});
    if (readers_.size() > readers_max) readers_.pop_back();
  } else {
    readers_.splice(readers_.begin(), readers_, found);
  }
  return readers_.front();
}

bool ReadAhead::has_work(const Reader& reader, const ListedFolder& folder, Time now) {
  return now - reader.time <= patience && reader.files > 0 && reader.next < folder.known();
}

// Whether what was read or pushed for it reaches to the end of the folder where it is.
bool ReadAhead::is_through(const Reader& reader) {
  ListedFolder* folder = folders_.find(reader.folder);
  return folder != nullptr && std::max(reader.expected_at, reader.next) >= folder->files().size();
}

bool ReadAhead::read(pid_t thread, tree::Inode file, Time now) {
  const std::optional<ListedFolders::Place> place = folders_.place(file);
  if (!place) return false;
  ListedFolder& folder = *place->folder;
  const std::size_t position = place->position;
  Reader& reader = reader_of(thread);

  ListedFile& listed = folder.files()[position];
  if (listed.is_given && now - folder.given > push_time_max) {
    // Memory was short, and what was pushed is gone.
    for (ListedFile& other : folder.files()) other.is_given = false;
  }
  listed.is_given = true;

  // Files may be read while they are being pushed; beyond those it is a leap.
  const bool is_expected =
      reader.folder == folder.inode()
          ? position >= reader.expected_at && position <= std::max(reader.expected_at, reader.next)
          : folder.lister == thread || (position == 0 && is_through(reader));
  const bool goes_on = now - reader.time <= patience && is_expected;
  reader.window = goes_on ? std::clamp(2 * reader.window, window_min, window_max) : 0;
  reader.files = reader.window;
  reader.bytes = reader.window * bytes_per_file;
  reader.time = now;
  reader.folder = folder.inode();
  reader.expected_at = position + 1;
  // A small folder is wanted whole, in whatever order it is read.
  reader.next = folder.files().size() <= reader.window ? 0 : position + 1;
  return has_work(reader, folder, now);
}

bool ReadAhead::ask(pid_t thread, const Listing& listing, Time now) {
  ListedFolder& folder = folders_.list(listing.folder);
  folder.lister = thread;
  folder.ask(listing.cookie);
  folders_.trim();
  const auto reader = std::ranges::find(readers_, thread, &Reader::thread);
  if (reader == readers_.end()) return false;
  readers_.splice(readers_.begin(), readers_, reader);
  if (reader->folder != listing.folder) {
    reader->folder = listing.folder;
    reader->expected_at = 0;
    reader->next = 0;
  }
  return has_work(*reader, folder, now);
}

void ReadAhead::list(const Reply& reply, std::span<const ListedFile> files) {
  ListedFolder* folder = folders_.find(reply.folder);
  if (folder == nullptr) return;
  folder->add(reply.from, reply.to, files);
}

std::vector<ListedFile> ReadAhead::next(Time now) {
  for (Reader& reader : readers_) {
    ListedFolder* folder = folders_.find(reader.folder);
    if (folder == nullptr || !has_work(reader, *folder, now)) continue;
    std::vector<ListedFile> batch = take(reader, *folder);
    if (batch.empty()) continue;
    folder->given = now;
    std::ranges::sort(batch, {}, &ListedFile::inode);
    return batch;
  }
  return {};
}

std::vector<ListedFile> ReadAhead::take(Reader& reader, ListedFolder& folder) {
  std::vector<ListedFile> batch;
  std::size_t bytes = 0;
  const std::span<ListedFile> files = folder.files();
  while (reader.next < folder.known() && reader.files > 0 && batch.size() < batch_max &&
         bytes < batch_bytes_max) {
    ListedFile& file = files[reader.next];
    if (!file.is_given && file.size > 0 && file.size <= file_size_max) {
      if (file.size > reader.bytes) {
        reader.files = 0;
        break;
      }
      --reader.files;
      reader.bytes -= file.size;
      bytes += file.size;
      file.is_given = true;
      batch.push_back(file);
    }
    ++reader.next;
  }
  return batch;
}

}  // namespace leakfs::fuse
