// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/member_reader.h"

#include <algorithm>
#include <utility>

#include "index/archive/seekable_input.h"

namespace leakfs::archive {
namespace {

// Then what is left is listed, and not read. At 1 us for each it takes some seconds to get there.
constexpr std::uint64_t reread_max = 8'000'000;
constexpr std::uint64_t all = UINT64_MAX;

bool is_end(int code) { return code == ARCHIVE_EOF || code == ARCHIVE_FATAL; }

bool is_empty(struct archive_entry* entry) {
  return archive_entry_size_is_set(entry) != 0 && archive_entry_size(entry) == 0;
}

}  // namespace

struct MemberReader::Opened {
  explicit Opened(const codec::Input& bytes) : input(bytes), handle(archive_read_new()) {
    archive_read_support_format_7zip(handle.get());
    archive_read_support_format_rar(handle.get());
    archive_read_support_format_rar5(handle.get());
    archive_read_support_format_iso9660(handle.get());
    is_open = input.open(handle.get()) == ARCHIVE_OK;
  }

  // As archive_read_next_header(), which may fail at one place for ever.
  int next(struct archive_entry** entry) {
    const int code = archive_read_next_header(handle.get(), entry);
    if (code != ARCHIVE_FAILED && code != ARCHIVE_RETRY) return code;
    const la_int64_t place = archive_read_header_position(handle.get());
    return std::exchange(failed_at, place) == place ? ARCHIVE_FATAL : code;
  }

  // The number of members that were passed over: nothing of them is decoded.
  std::uint64_t pass(std::uint64_t count) {
    struct archive_entry* entry = nullptr;
    std::uint64_t passed = 0;
    while (passed < count && !is_end(next(&entry))) ++passed;
    return passed;
  }

  bool is_seven_zip() const { return archive_format(handle.get()) == ARCHIVE_FORMAT_7ZIP; }

  SeekableInput input;
  ReaderHandle handle;  // reads from `input`
  bool is_open = false;
  la_int64_t failed_at = -1;  // the header that could not be read last
};

MemberReader::MemberReader(const codec::Input& input)
    : input_(input), opened_(std::make_unique<Opened>(input)), is_dead_(!opened_->is_open) {
  if (is_dead_) error_ = error_text(opened_->handle.get());
}
MemberReader::~MemberReader() = default;

int MemberReader::next(struct archive_entry** entry) {
  int code = is_dead_ ? ARCHIVE_FATAL : next_header(entry);
  // To get to the next member of a 7z, what was not read may have to be decoded.
  if (code == ARCHIVE_FATAL && go_on()) code = next_header(entry);
  if (is_end(code)) return code;
  ++count_;
  is_encrypted_ = archive_entry_is_data_encrypted(*entry) != 0;
  is_empty_ = is_empty(*entry);
  return code;
}

int MemberReader::next_header(struct archive_entry** entry) {
  const int code = opened_->next(entry);
  if (code < ARCHIVE_OK) error_ = error_text(opened_->handle.get());
  return code;
}

int MemberReader::read(Bytes& bytes) {
  bytes = {};
  if (is_empty_) return ARCHIVE_EOF;
  const void* data = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  int code = is_encrypted_ || is_dead_ || count_ <= intact_ ? ARCHIVE_FAILED : ARCHIVE_RETRY;
  while (code == ARCHIVE_RETRY) {
    code = archive_read_data_block(opened_->handle.get(), &data, &size, &offset);
    is_dead_ = code == ARCHIVE_FATAL && opened_->is_seven_zip();
    if (code < ARCHIVE_OK) damage_ = error_text(opened_->handle.get());
  }
  if (code == ARCHIVE_OK || code == ARCHIVE_WARN) bytes = {static_cast<const char*>(data), size};
  if (code < ARCHIVE_OK) error_ = code == ARCHIVE_WARN ? damage_ : reason();
  return code;
}

// Why the current member, or the rest of it, is not read.
std::string MemberReader::reason() const {
  if (intact_ == all) {
    return "too much before it is damaged to get to it: unpack the archive with another program, "
           "and give mkleakfs the directory";
  }
  if (count_ <= intact_) return "it is packed together with what is damaged: " + damage_;
  return "it is damaged, or packed in a way that cannot be decoded here: " + damage_;
}

bool MemberReader::has_encrypted() const {
  return archive_read_has_encrypted_entries(opened_->handle.get()) > 0;
}

std::uint64_t MemberReader::position() const {
  const la_int64_t position = archive_filter_bytes(opened_->handle.get(), -1);
  return static_cast<std::uint64_t>(std::max<la_int64_t>(0, position));
}

// Opens a 7z again, to stand behind the members that were delivered. The other formats go on as
// they are, or cannot.
bool MemberReader::go_on() {
  if (count_ == 0 || !opened_->is_seven_zip()) return false;
  if (total_ == 0) total_ = Opened(input_).pass(all);
  if (is_dead_) intact_ = end_of_damage();
  if (is_too_costly()) intact_ = all;
  std::unique_ptr<Opened> opened = open_behind(count_);
  is_dead_ = opened == nullptr;
  if (opened) opened_ = std::move(opened);
  return !is_dead_;
}

// Null if that many cannot be passed over.
std::unique_ptr<MemberReader::Opened> MemberReader::open_behind(std::uint64_t members) {
  auto opened = std::make_unique<Opened>(input_);
  reread_ += total_ + members;
  return opened->pass(members) == members ? std::move(opened) : nullptr;
}

bool MemberReader::is_too_costly() const { return reread_ > reread_max; }

// The first member behind the current one, which is damaged, that is not packed together with it.
std::uint64_t MemberReader::end_of_damage() {
  std::uint64_t damaged = count_ - 1;
  std::uint64_t intact = count_;
  const std::optional<std::uint64_t> place = packed_at(damaged);
  if (!place) return intact;
  for (std::uint64_t step = 1; packed_at(intact) == place && !is_too_costly(); step *= 2) {
    damaged = intact;
    intact += step;
  }
  while (intact - damaged > 1) {
    const std::uint64_t middle = damaged + (intact - damaged) / 2;
    if (packed_at(middle) == place) {
      damaged = middle;
    } else {
      intact = middle;
    }
  }
  return intact;
}

// Where the block begins that is decoded from its start for that member, or for the next that is
// not empty ("folder" in 7zFormat.txt). Nothing behind the last.
std::optional<std::uint64_t> MemberReader::packed_at(std::uint64_t member) {
  const std::unique_ptr<Opened> opened = open_behind(member);
  if (!opened) return {};
  struct archive_entry* entry = nullptr;
  do {
    if (is_end(opened->next(&entry))) return {};
  } while (is_empty(entry));
  opened->input.refuse_seeks();
  const void* data = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  archive_read_data_block(opened->handle.get(), &data, &size, &offset);
  return opened->input.refused_seek();
}

}  // namespace leakfs::archive
