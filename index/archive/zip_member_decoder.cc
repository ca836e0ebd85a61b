// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/zip_member_decoder.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace leakfs::archive {
namespace {

constexpr std::size_t member_memory = 8 << 20;  // libarchive does not tell; LZMA at its default

void put(ByteString& bytes, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
}

// §4.3.12, §4.3.14 to §4.3.16, always with numbers of 64 bits. The length is not known here and not
// needed; what the local header has of other fields (of encryption, say) holds as well.
ByteString directory_of(const ZipEntry& entry, Bytes local_header, std::uint64_t member_size) {
  constexpr std::uint32_t absent = 0xffffffff;
  constexpr unsigned version = 45;
  ByteString extra;
  put(extra, 1, 2);
  put(extra, 24, 2);
  put(extra, entry.length, 8);
  put(extra, member_size - entry.header_size, 8);
  put(extra, 0, 8);
  const Bytes fields = local_header.substr(local_header_size + entry.name.size());
  for (Bytes rest = fields; rest.size() >= 4;) {
    const Bytes field = rest.substr(0, 4 + std::size_t{zip_u16(rest, 2)});
    if (zip_u16(field, 0) != 1) extra += field;
    rest.remove_prefix(field.size());
  }
  ByteString directory("PK\1\2");
  put(directory, version, 2);
  directory += local_header.substr(4, 10);  // version, flags, method, time and date
  put(directory, entry.crc32, 4);
  put(directory, absent, 4);
  put(directory, absent, 4);
  put(directory, entry.name.size(), 2);
  put(directory, extra.size(), 2);
  directory.append(10, '\0');
  put(directory, absent, 4);
  directory += entry.name + extra;
  const std::uint64_t size = directory.size();

  directory += "PK\6\6";
  put(directory, 44, 8);
  put(directory, version, 2);
  put(directory, version, 2);
  directory.append(8, '\0');
  put(directory, 1, 8);
  put(directory, 1, 8);
  put(directory, size, 8);
  put(directory, member_size, 8);
  directory += ByteString("PK\6\7") + ByteString(4, '\0');
  put(directory, member_size + size, 8);
  put(directory, 1, 4);
  directory += ByteString("PK\5\6") + ByteString(4, '\0');
  put(directory, 1, 2);
  put(directory, 1, 2);
  put(directory, absent, 4);
  put(directory, absent, 4);
  put(directory, 0, 2);
  return directory;
}

}  // namespace

Result<std::unique_ptr<codec::Decoder>> ZipMemberDecoder::open(
    const codec::Input& input, const std::optional<std::string>& passphrase) {
  const std::optional<ZipEntry> entry = TRY(read_local_entry(input, 0));
  if (!entry) return input_error(EIO, "the header of a zip member is damaged");
  const std::optional<ByteString> header = TRY(read_exactly(input, 0, entry->header_size));
  if (!header) return input_error(EIO, "a zip member is cut");
  if (entry->is_encrypted() && !passphrase) {
    return std::unexpected(Error{.status = ExitStatus::passphrase,
                                 .number = EIO,
                                 .text = "the archive is encrypted",
                                 .hint = "mount it with the passphrase: -o passphrase_file=FILE"});
  }
  std::unique_ptr<ZipMemberDecoder> decoder(
      new ZipMemberDecoder(input, directory_of(*entry, *header, input.size())));
  TRY(decoder->start(*entry, passphrase));
  return decoder;
}

ZipMemberDecoder::ZipMemberDecoder(const codec::Input& member, ByteString directory)
    : zip_(member, std::move(directory)), input_(zip_), reader_(archive_read_new()) {}

Result<void> ZipMemberDecoder::start(const ZipEntry& entry,
                                     const std::optional<std::string>& passphrase) {
  archive_read_support_format_zip_seekable(reader_.get());
  archive_read_set_option(reader_.get(), "zip", "ignorecrc32", "1");
  if (passphrase) archive_read_add_passphrase(reader_.get(), passphrase->c_str());
  struct archive_entry* found = nullptr;
  int code = input_.open(reader_.get());
  if (code == ARCHIVE_OK) code = archive_read_next_header(reader_.get(), &found);
  if (code < ARCHIVE_WARN) return input_error(EIO, error_text(reader_.get()));
  // Only its bytes tell whether the passphrase opens it.
  first_ = TRY(next_piece());
  if (first_.empty() && damage()) {
    if (!entry.is_encrypted()) return input_error(EIO, damage()->text);
    return std::unexpected(
        Error{.status = ExitStatus::passphrase,
              .number = EIO,
              .text = "the passphrase does not open it",
              .hint = "the passphrase is the first line of its file, without the line end"});
  }
  return {};
}

std::uint64_t ZipMemberDecoder::input_bytes() const {
  return static_cast<std::uint64_t>(
      std::max<la_int64_t>(0, archive_filter_bytes(reader_.get(), -1)));
}

std::size_t ZipMemberDecoder::memory() const { return member_memory; }

Result<Bytes> ZipMemberDecoder::next_piece() {
  if (!first_.empty()) return std::exchange(first_, {});
  while (!is_ended_) {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int code = archive_read_data_block(reader_.get(), &data, &size, &offset);
    if (code == ARCHIVE_RETRY) continue;
    if (code == ARCHIVE_EOF || code < ARCHIVE_WARN) {
      is_ended_ = true;
      if (code != ARCHIVE_EOF) damaged(false, error_text(reader_.get()));
    } else if (size > 0) {
      return Bytes(static_cast<const char*>(data), size);
    }
  }
  return Bytes();
}

Result<std::size_t> ZipMemberDecoder::OneMemberZip::read_some(std::uint64_t offset, char* buffer,
                                                              std::size_t length) const {
  if (offset < member_.size()) return member_.read_some(offset, buffer, length);
  const std::uint64_t at = offset - member_.size();
  return at < directory_.size() ? directory_.copy(buffer, length, at) : 0;
}

}  // namespace leakfs::archive
