// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/seal.h"

#include <algorithm>

#include <fmt/format.h>

namespace leakfs::store {
namespace {

constexpr Bytes magic("leakfs index\n\0\0\0", 16);
constexpr std::size_t program_length = 32;
constexpr std::size_t sealed_length = 88;  // bytes that the seal's own checksum covers

void append_be(ByteString& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift);
}

void append_checksum(ByteString& out, const Checksum& sum) {
  for (const std::uint8_t byte : sum) out += static_cast<char>(byte);
}

// Reads fixed-width fields off the front of a page that is known to be long enough.
struct FieldReader {
  Bytes rest;

  Bytes take(std::size_t length) {
    const Bytes field = rest.substr(0, length);
    rest.remove_prefix(length);
    return field;
  }
  std::uint64_t be(std::size_t length) {
    std::uint64_t value = 0;
    for (const char byte : take(length)) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }
  Checksum checksum() {
    Checksum sum;
    const Bytes field = take(sum.size());
    std::ranges::copy(field, sum.begin());
    return sum;
  }
};

}  // namespace

ByteString encode_seal(const Seal& seal) {
  ByteString page(magic);
  append_be(page, format_version, 4);
  append_be(page, page_size, 4);
  append_be(page, seal.tables_length, 8);
  append_be(page, seal.heap_length, 8);
  append_checksum(page, seal.tables_checksum);
  page += seal.program.substr(0, program_length);
  page.resize(sealed_length, '\0');
  append_checksum(page, checksum(page));
  page.resize(page_size, '\0');
  return page;
}

Result<Seal> decode_seal(Bytes page, std::uint64_t file_size) {
  FieldReader fields{page};
  if (page.size() != page_size || fields.take(magic.size()) != magic) {
    return input_error("this is no leakfs index, or one that was cut short",
                       "build it with mkleakfs ARCHIVE");
  }
  const std::uint64_t version = fields.be(4);
  const std::uint64_t pages = fields.be(4);
  Seal seal;
  seal.tables_length = fields.be(8);
  seal.heap_length = fields.be(8);
  seal.tables_checksum = fields.checksum();
  const Bytes program = fields.take(program_length);
  seal.program = program.substr(0, program.find('\0'));
  if (fields.checksum() != checksum(page.substr(0, sealed_length))) {
    return input_error("the index is damaged (its seal)", "build it again with mkleakfs --force");
  }
  if (version != format_version || pages != page_size) {
    return input_error(fmt::format("the index has format {}, this program reads {}; built by {}",
                                   version, format_version, seal.program),
                       "run mkleakfs --force");
  }
  const std::uint64_t body = file_size - page_size;
  if (seal.tables_length > body || seal.heap_length != body - seal.tables_length) {
    return input_error("the index was cut short or grew", "build it again with mkleakfs --force");
  }
  return seal;
}

}  // namespace leakfs::store
