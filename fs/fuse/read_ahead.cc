// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/read_ahead.h"

#include <algorithm>
#include <utility>

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

// Whether there is something to push to it.
bool ReadAhead::has_work(Reader& reader, Time now) {
  if (now - reader.time > patience || reader.files == 0) return false;
  const ListedFolder* folder = folder_to_push(reader);
  return folder != nullptr && reader.pushed.next < folder->known();
}

// Whether what is pushed has come past the folder, and the reader has not.
bool ReadAhead::is_ahead(const Reader& reader, tree::Inode folder) const {
  return (folder == reader.read.folder || folders_.is_behind(folder, reader.read.folder)) &&
         folders_.is_behind(reader.pushed.folder, folder);
}

// Whether the file is one that the reader will want: what comes next where it is, or up to where
// files were pushed, for they may be read while they are being pushed. Beyond that it is a leap.
bool ReadAhead::is_expected(const Reader& reader, const ListedFolders::Place& place) {
  const tree::Inode folder = place.folder->inode();
  const bool is_here = folder == reader.read.folder;
  if (is_here && place.position < reader.read.next) return false;
  if (folder == reader.pushed.folder) {
    return place.position <= std::max(is_here ? reader.read.next : 0, reader.pushed.next);
  }
  if (is_here || place.folder->lister == reader.thread || is_ahead(reader, folder)) return true;
  ListedFolder* last = folders_.find(reader.pushed.folder);
  return place.position == 0 && last != nullptr && reader.pushed.next >= last->files().size();
}

bool ReadAhead::read(pid_t thread, tree::Inode file, Time now) {
  folders_.trim();
  Reader& reader = reader_of(thread);
  const bool is_reading = now - reader.time <= patience;
  const tree::Inode previous = std::exchange(reader.file, file);
  reader.time = now;
  reader.listed = folders_.order();
  std::optional<ListedFolders::Place> place = folders_.place(file, reader.pushed.folder);
  bool goes_on = place && is_reading && is_expected(reader, *place);
  if (!goes_on && is_reading) {
    if (const auto found = folders_.search(file, previous, now)) {
      place = found;
      goes_on = true;
    }
  }
  reader.window = goes_on ? std::clamp(2 * reader.window, window_min, window_max) : 0;
  reader.files = reader.window;
  reader.bytes = reader.window * bytes_per_file;
  if (!place) return false;

  ListedFolder& folder = *place->folder;
  ListedFile& listed = folder.files()[place->position];
  const bool is_dropped = listed.is_given && now - folder.given > push_time_max;
  if (is_dropped) {
    // Memory was short, and what was pushed is gone.
    for (ListedFile& other : folder.files()) other.is_given = false;
  }
  listed.is_given = true;
  const bool is_pushed_ahead = goes_on && !is_dropped && is_ahead(reader, folder.inode());
  reader.read = {.folder = folder.inode(), .next = place->position + 1};
  if (!is_pushed_ahead) {
    // A small folder is wanted whole, in whatever order it is read.
    const bool is_small = folder.files().size() <= reader.window;
    reader.pushed = {.folder = folder.inode(), .next = is_small ? 0 : place->position + 1};
  }
  return has_work(reader, now);
}

bool ReadAhead::ask(pid_t thread, const Listing& listing, Time now) {
  ListedFolder& folder = folders_.list(listing.folder);
  folder.lister = thread;
  folder.ask(listing.cookie);
  folders_.trim();
  const auto reader = std::ranges::find(readers_, thread, &Reader::thread);
  if (reader == readers_.end()) return false;
  readers_.splice(readers_.begin(), readers_, reader);
  if (reader->pushed.folder != listing.folder) reader->pushed = {.folder = listing.folder};
  if (reader->read.folder != listing.folder) reader->read = {.folder = listing.folder};
  return has_work(*reader, now);
}

void ReadAhead::list(const Reply& reply, std::span<const ListedFile> files) {
  ListedFolder* folder = folders_.find(reply.folder);
  if (folder == nullptr) return;
  folder->add(reply.from, reply.to, files);
  if (!files.empty()) folders_.note(reply.folder);
}

std::vector<ListedFile> ReadAhead::next(Time now) {
  folders_.trim();
  for (Reader& reader : readers_) {
    Batch batch;
    for (std::size_t folders = 0; folders < batch_folders_max && !is_full(batch); ++folders) {
      if (!has_work(reader, now)) break;
      take(reader, *folders_.find(reader.pushed.folder), now, batch);
    }
    if (batch.files.empty()) continue;
    std::ranges::sort(batch.files, {}, &ListedFile::inode);
    return std::move(batch.files);
  }
  return {};
}

// The folder where pushing goes on: behind the end of one that is the folder that was listed next,
// unless that was after the last READ, by somebody who lists for himself.
ListedFolder* ReadAhead::folder_to_push(Reader& reader) {
  ListedFolder* folder = folders_.find(reader.pushed.folder);
  if (folder == nullptr || reader.pushed.next < folder->files().size()) return folder;
  if (folder->files().empty()) return folder;  // it is being listed
  ListedFolder* next = folders_.after(reader.pushed.folder, reader.listed);
  if (next == nullptr) return folder;
  reader.pushed = {.folder = next->inode()};
  return next;
}

void ReadAhead::take(Reader& reader, ListedFolder& folder, Time now, Batch& batch) {
  const std::span<ListedFile> files = folder.files();
  for (std::size_t& next = reader.pushed.next;
       next < folder.known() && reader.files > 0 && !is_full(batch); ++next) {
    ListedFile& file = files[next];
    if (file.is_given || file.size == 0) continue;
    if (file.size > reader.bytes) {
      reader.files = 0;
      break;
    }
    reader.bytes -= file.size;
    // It is not pushed, but in an archive what comes behind it is decoded behind it.
    if (file.size > file_size_max) continue;
    --reader.files;
    file.is_given = true;
    folder.given = now;
    batch.files.push_back(file);
    batch.bytes += file.size;
  }
}

}  // namespace leakfs::fuse
