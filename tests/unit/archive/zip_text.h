// SPDX-License-Identifier: GPL-3.0-or-later
// Writes zip files from the words of APPNOTE 6.3.10, so that what is read is not what the same
// library wrote.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leakfs::archive::zip {

struct Entry {
  std::string name;
  std::string content;
  bool is_deflated = false;
  bool has_descriptor = false;        // sizes behind the content (§4.3.9), none before
  bool is_zip64 = false;              // sizes in an extra field (§4.5.3)
  std::int64_t length_promised = -1;  // in place of the true one
  std::uint32_t checksum_error = 0;
};

inline std::string le(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

// CRC-32 of ITU-T V.42, bit by bit.
inline std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

// Blocks without compression (RFC 1951 §3.2.4).
inline std::string deflated(std::string_view content) {
  std::string stream;
  do {
    const std::size_t length = std::min<std::size_t>(content.size(), 0xffff);
    stream += content.size() == length ? '\1' : '\0';
    stream.append(le(length, 2)).append(le(~length, 2)).append(content.substr(0, length));
    content.remove_prefix(length);
  } while (!content.empty());
  return stream;
}

class Archive {
 public:
  Archive& add(const Entry& entry) {
    const std::string data = entry.is_deflated ? deflated(entry.content) : entry.content;
    const std::uint64_t length = entry.length_promised >= 0
                                     ? static_cast<std::uint64_t>(entry.length_promised)
                                     : entry.content.size();
    const std::uint64_t offset = bytes_.size();
    const std::string crc = le(crc32(entry.content) ^ entry.checksum_error, 4);
    const std::string sizes = le(data.size(), 4) + le(length, 4);
    const std::string absent(8, '\xff');
    const std::string start = le(entry.has_descriptor ? 8 : 0, 2) +
                              le(entry.is_deflated ? 8 : 0, 2) + le(0, 2) + le(0x4a98, 2);
    const std::string wide = le(length, 8) + le(data.size(), 8);

    const std::string extra = entry.is_zip64 ? le(1, 2) + le(16, 2) + wide : "";
    bytes_ += "PK\3\4" + le(45, 2) + start;
    bytes_ +=
        entry.has_descriptor ? std::string(12, '\0') : crc + (entry.is_zip64 ? absent : sizes);
    bytes_ += le(entry.name.size(), 2) + le(extra.size(), 2) + entry.name + extra + data;
    if (entry.has_descriptor) bytes_ += "PK\7\b" + crc + sizes;

    const std::string far = entry.is_zip64 ? le(1, 2) + le(24, 2) + wide + le(offset, 8) : "";
    directory_ += "PK\1\2" + le(45, 2) + le(45, 2) + start + crc;
    directory_ += entry.is_zip64 ? absent : sizes;
    directory_ += le(entry.name.size(), 2) + le(far.size(), 2) + std::string(10, '\0');
    directory_ += entry.is_zip64 ? std::string(4, '\xff') : le(offset, 4);
    directory_ += entry.name + far;
    ++count_;
    return *this;
  }

  // The local headers and contents alone, as of a zip that was cut.
  const std::string& members() const { return bytes_; }

  std::string whole(const std::string& comment = "") const {
    return bytes_ + directory_ + "PK\5\6" + le(0, 4) + le(count_, 2) + le(count_, 2) +
           le(directory_.size(), 4) + le(bytes_.size(), 4) + le(comment.size(), 2) + comment;
  }

 private:
  std::string bytes_;
  std::string directory_;
  std::uint64_t count_ = 0;
};

}  // namespace leakfs::archive::zip
