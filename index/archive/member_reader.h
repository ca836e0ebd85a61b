// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: the members of a 7z, rar, rar5 or iso9660 in their order, those behind
// damage too. libarchive leaves out a damaged member of the others, and ends a 7z there.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "index/archive/handle.h"
#include "index/base/bytes.h"
#include "index/codec/input.h"

namespace leakfs::archive {

// What it delivers depends on the input alone.
class MemberReader {
 public:
  // `input` outlives this.
  explicit MemberReader(const codec::Input& input);
  ~MemberReader();

  // As archive_read_next_header(); behind ARCHIVE_FATAL and ARCHIVE_EOF there is nothing more.
  int next(struct archive_entry** entry);

  // As archive_read_data_block(), but never ARCHIVE_RETRY. Below ARCHIVE_WARN the rest of the
  // member is lost. What is encrypted is not read.
  int read(Bytes& bytes);

  // Whether the current member is, and any that is known.
  bool is_encrypted() const { return is_encrypted_; }
  bool has_encrypted() const;

  // What is wrong with what next() or read() could not read.
  const std::string& error() const { return error_; }
  // Bytes of the archive that were read since it was opened, which a 7z is again behind damage.
  std::uint64_t position() const;

 private:
  struct Opened;

  int next_header(struct archive_entry** entry);
  std::string reason() const;
  bool go_on();
  std::unique_ptr<Opened> open_behind(std::uint64_t members);
  bool is_too_costly() const;
  std::uint64_t end_of_damage();
  std::optional<std::uint64_t> packed_at(std::uint64_t member);

  const codec::Input& input_;
  std::unique_ptr<Opened> opened_;
  std::uint64_t count_ = 0;   // members that were delivered
  std::uint64_t intact_ = 0;  // the first member that is not packed together with a damaged one
  bool is_encrypted_ = false;
  bool is_empty_ = false;
  bool is_dead_ = false;  // it cannot be read, unless it is opened again
  std::string error_;
  std::string damage_;        // what was wrong with the last damaged member
  std::uint64_t total_ = 0;   // members, once it was damaged
  std::uint64_t reread_ = 0;  // headers, to get behind damage
};

}  // namespace leakfs::archive
