// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/shape.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

#include "index/archive/tar_search.h"
#include "index/codec/decoder.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t open_size = 4 << 10;  // less may not hold the first header
constexpr std::size_t zip_name_at = 30;
constexpr std::size_t iso9660_magic_at = 0x8001;

// First members of zips that are documents, or what their paths start with.
constexpr auto document_members =
    std::to_array<std::string_view>({"[Content_Types].xml", "mimetype", "_rels/", "META-INF/",
                                     "docProps/", "word/", "xl/", "ppt/"});

unsigned byte_at(Bytes head, std::size_t at) {
  return at < head.size() ? static_cast<unsigned char>(head[at]) : 0;
}

bool is_octal(Bytes bytes) {
  return std::ranges::all_of(bytes, [](char c) { return c >= '0' && c <= '7'; });
}

bool is_hexadecimal(Bytes bytes) {
  return std::ranges::all_of(bytes, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

// The old binary format: numbers of 16 bits in the order of the machine that wrote them. Two bytes
// of magic are few, so what the file is and where its name ends is looked at too.
bool is_binary_cpio(Bytes head, bool is_little) {
  constexpr std::size_t header_size = 26;
  const auto number = [&](std::size_t at) {
    return byte_at(head, at + (is_little ? 1 : 0)) << 8 | byte_at(head, at + (is_little ? 0 : 1));
  };
  constexpr unsigned type_mask = 0170000;
  constexpr auto types =
      std::to_array<unsigned>({0010000, 0020000, 0040000, 0060000, 0100000, 0120000, 0140000});
  const unsigned name_size = number(20);
  return std::ranges::find(types, number(6) & type_mask) != types.end() && name_size > 1 &&
         head.size() >= header_size + name_size && head[header_size + name_size - 1] == '\0';
}

// LZMA of before .xz has no magic: 0x5d, a power of two (or one and a half) as the size of its
// dictionary, and a length that is unknown or within reason.
bool is_lzma(Bytes head) {
  if (head.size() < 14 || head[0] != '\x5d' || head[1] != '\0' || head[13] != '\0') return false;
  const unsigned dictionary =
      byte_at(head, 2) << 8 | byte_at(head, 3) << 16 | byte_at(head, 4) << 24;
  const bool is_size = std::has_single_bit(dictionary) || std::has_single_bit(dictionary / 3);
  const Bytes length = head.substr(5, 8);
  return is_size && (length == Bytes("\xff\xff\xff\xff\xff\xff\xff\xff") ||
                     length.ends_with(Bytes("\0\0\0", 3)));
}

bool is_compress(Bytes head) {
  const unsigned flags = byte_at(head, 2);
  return head.starts_with("\x1f\x9d") && (flags & 0x60) == 0 && (flags & 0x1f) >= 9 &&
         (flags & 0x1f) <= 16;
}

bool is_compressed(Bytes head) {
  if (const auto format = codec::format_of(head)) {
    // RFC 1952 §2.3: the only method is 8, and three flags are always zero.
    if (format == codec::Format::gzip) return byte_at(head, 2) == 8 && byte_at(head, 3) < 0x20;
    // "BZh9" opens a word as well; a block or the end of the stream comes next.
    if (format == codec::Format::bzip2) {
      const Bytes next = head.substr(std::min<std::size_t>(4, head.size()));
      return next.starts_with("1AY&SY") || next.starts_with("\x17rE8P\x90");
    }
    return true;
  }
  return head.starts_with("LZIP\1") || head.starts_with("\4\"M\x18") || is_compress(head) ||
         is_lzma(head);
}

bool is_iso9660(Bytes head) {
  return head.size() >= shape_size && head.substr(iso9660_magic_at, 5) == "CD001";
}

// APPNOTE 6.3.10 §4.3.7: the header in front of a member, with a version, a method and a name that
// occur.
bool has_zip_member(Bytes head) {
  if (head.starts_with("PK00")) head.remove_prefix(4);
  if (!head.starts_with("PK\3\4") || head.size() < zip_name_at) return false;
  constexpr unsigned version_max = 63;
  constexpr unsigned method_max = 99;
  const unsigned name_size = byte_at(head, 26) | byte_at(head, 27) << 8;
  const Bytes name = head.substr(zip_name_at, name_size);
  const bool is_document = std::ranges::any_of(document_members, [name](std::string_view member) {
    return member.ends_with('/') ? name.starts_with(member) : name == member;
  });
  return byte_at(head, 4) <= version_max && byte_at(head, 8) <= method_max &&
         byte_at(head, 9) == 0 && !name.empty() && name.find('\0') == Bytes::npos && !is_document;
}

}  // namespace

// POSIX.1 pax format: the checksum is the sum of the header's bytes, its own field as blanks.
bool is_tar(Bytes head) {
  if (head.size() < tar_record || head[0] == '\0') return false;
  constexpr std::size_t field = 148;
  constexpr std::size_t field_length = 8;
  unsigned stored = 0;
  for (const char c : head.substr(field, field_length)) {
    if (c >= '0' && c <= '7')
      stored = stored * 8 + static_cast<unsigned>(c - '0');
    else if (c != ' ')
      break;
  }
  if (stored == 0) return false;
  unsigned sum = 0;
  for (std::size_t i = 0; i < tar_record; ++i) {
    const bool is_own = i >= field && i < field + field_length;
    sum += is_own ? ' ' : static_cast<unsigned char>(head[i]);
  }
  return sum == stored;
}

bool is_cpio(Bytes head) {
  if (head.starts_with("070701") || head.starts_with("070702")) {
    return head.size() >= 110 && is_hexadecimal(head.substr(6, 104));
  }
  if (head.starts_with("070707")) return head.size() >= 76 && is_octal(head.substr(6, 70));
  if (head.starts_with("\xc7\x71")) return is_binary_cpio(head, true);
  return head.starts_with("\x71\xc7") && is_binary_cpio(head, false);
}

bool has_cpio_magic(Bytes head) {
  return head.starts_with("070701") || head.starts_with("070702") || head.starts_with("070707") ||
         head.starts_with("\xc7\x71") || head.starts_with("\x71\xc7");
}

Shape shape_of(Bytes head) {
  if (head.starts_with("PK\3\4") || head.starts_with("PK\5\6") || head.starts_with("PK00PK\3\4")) {
    return Shape::zip;
  }
  if (head.starts_with("7z\xbc\xaf\x27\x1c") || head.starts_with("Rar!\x1a\x07")) {
    return Shape::seekable;
  }
  if (is_tar(head)) return Shape::tar;
  if (is_cpio(head)) return Shape::cpio;
  if (is_compressed(head)) return Shape::compressed;
  return is_iso9660(head) ? Shape::seekable : Shape::other;
}

Result<Shape> shape_of(const codec::Input& input) {
  ByteString head(shape_size, '\0');
  head.resize(TRY(input.read_some(0, head.data(), head.size())));
  return shape_of(head);
}

Shape nested_shape_of(Bytes head) {
  const Shape shape = shape_of(head);
  return shape != Shape::zip || has_zip_member(head) ? shape : Shape::other;
}

bool is_shape_open(Bytes head) {
  if (head.size() < tar_record) return true;
  if (head.size() >= shape_size) return false;
  // Of what starts like text, a record tells. Before its descriptors an image holds nothing, or
  // what a computer starts from.
  const bool is_binary = std::ranges::any_of(head.substr(0, 64), [](char c) {
    return static_cast<unsigned char>(c) < '\t' || (c > '\r' && c < ' ');
  });
  return is_binary && (head.size() < open_size || shape_of(head) == Shape::other);
}

bool is_shape_weak(Bytes head) { return is_compress(head) || is_lzma(head); }

}  // namespace leakfs::archive
