// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: where the bytes of a zip's member are, which its two headers may tell in
// two ways; and which parts of the file have been read as members.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "index/archive/zip_entry.h"
#include "index/base/error.h"
#include "index/codec/input.h"

namespace leakfs::archive {

// A range of the file, from a local header to behind the last byte of its member.
struct ZipPlace {
  std::uint64_t begin = 0;
  std::uint64_t data = 0;  // where the bytes start
  std::uint64_t end = 0;
};

// Finds the members of the directory.
class ZipPlaces {
 public:
  // `shift` is that of the directory.
  ZipPlaces(const codec::Input& input, std::int64_t shift);

  // The place of a member. `next` is where the local header of the next member should be, or the
  // directory. If the headers contradict each other or what follows, bytes of the right checksum
  // are looked for, but not before `read_end`, up to where the file was read already. Absent if
  // there is no header and none are found.
  Result<std::optional<ZipPlace>> find(const ZipEntry& entry, std::uint64_t next,
                                       std::uint64_t read_end);

 private:
  Result<bool> is_it(const ZipEntry& entry, const ZipPlace& place);
  Result<std::vector<ZipPlace>> likely_places(const ZipEntry& entry, std::uint64_t next) const;

  const codec::Input& input_;
  const std::int64_t shift_;
  std::uint64_t guessing_left_;  // bytes that may still be decoded to see whether they are it
};

// What has been read of a zip. Members whose bytes are those of other members are how a zip of
// kilobytes holds petabytes.
class ZipCoverage {
 public:
  explicit ZipCoverage(std::uint64_t size) : size_(size) {}

  // Whether the next member of the directory may be read: it has no byte of one that was whole.
  bool admits(const ZipPlace& place) const { return place.begin >= whole_end_ && !is_spent(); }
  std::uint64_t whole_end() const { return whole_end_; }
  // All that was read is more than twice the file.
  bool is_spent() const { return read_ > 2 * size_; }
  // In the order of their places, as far as they are whole.
  void add(const ZipPlace& place, bool is_whole);
  // The ranges that no member has.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> gaps();

 private:
  const std::uint64_t size_;
  std::uint64_t read_ = 0;
  std::uint64_t whole_end_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> covered_;
};

}  // namespace leakfs::archive
