// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: the central directory at the end of a zip (APPNOTE 6.3.10 §4.3.12). What
// libarchive makes of a zip is less: it stops at the first header that is damaged.
#pragma once

#include <cstdint>
#include <vector>

#include "index/archive/zip_entry.h"
#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/codec/input.h"

namespace leakfs::archive {

class ZipDirectory {
 public:
  // Without entries where there is no directory to be read: a zip that was cut.
  static Result<ZipDirectory> read(const codec::Input& input);

  std::size_t size() const { return places_.size(); }
  // In the order of the local headers; `number` is below size().
  ZipEntry entry(std::size_t number) const;
  // Where the local header of that one should be.
  std::uint64_t local_header(std::size_t number) const { return places_[number].local_header; }

  // Where it is in the file.
  std::uint64_t offset() const { return offset_; }

  // Whether there is one.
  bool is_found() const { return is_found_; }
  // As many entries as its end says, and nothing else.
  bool is_whole() const { return is_whole_; }
  // How far bytes that were put in or taken out have moved the directory, and with it what was
  // behind them: to be added to the place of a local header that is not where it should be.
  std::int64_t shift() const { return shift_; }

 private:
  struct Place {
    std::uint64_t local_header = 0;
    std::uint32_t at = 0;  // in the directory
  };

  void find_entries();

  ByteString bytes_;
  std::vector<Place> places_;
  std::uint64_t offset_ = 0;
  std::uint64_t promised_ = 0;  // entries
  std::int64_t shift_ = 0;
  bool is_found_ = false;
  bool is_whole_ = false;
};

}  // namespace leakfs::archive
