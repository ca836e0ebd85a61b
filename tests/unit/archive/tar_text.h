// SPDX-License-Identifier: GPL-3.0-or-later
// Writes tar archives from the words of their standards (POSIX.1 pax, GNU tar's manual), so that
// what is read is not what the same library wrote.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace leakfs::archive::tar {

constexpr std::size_t record_size = 512;

struct Header {
  std::string_view name;
  char type = '0';
  std::uint64_t size = 0;
  std::string_view link;
  std::string_view prefix;
  bool is_gnu = false;
};

inline void put(std::string& record, std::size_t at, std::string_view text) {
  record.replace(at, text.size(), text);
}

// The checksum is the sum of the bytes with its own field as blanks.
inline void seal(std::string& record) {
  put(record, 148, "        ");
  unsigned sum = 0;
  for (const char byte : record) sum += static_cast<unsigned char>(byte);
  put(record, 148, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
}

inline std::string header(const Header& fields) {
  std::string record(record_size, '\0');
  put(record, 0, fields.name.substr(0, 100));
  put(record, 100, "0000644");
  put(record, 108, "0000000");
  put(record, 116, "0000000");
  put(record, 124, fmt::format("{:011o}", fields.size));
  put(record, 136, fmt::format("{:011o}", 1493022125));
  record[156] = fields.type;
  put(record, 157, fields.link);
  put(record, 257, fields.is_gnu ? std::string("ustar  \0", 8) : std::string("ustar\00000", 8));
  put(record, 345, fields.prefix);
  seal(record);
  return record;
}

inline std::string padded(std::string content) {
  content.resize((content.size() + record_size - 1) / record_size * record_size);
  return content;
}

inline std::string member(std::string_view name, const std::string& content) {
  return header({.name = name, .size = content.size()}) + padded(content);
}

// GNU: the name of the next member, in the content of one of type L.
inline std::string gnu_long_name(const std::string& name) {
  const std::string content = name + '\0';
  return header({.name = "././@LongLink", .type = 'L', .size = content.size(), .is_gnu = true}) +
         padded(content);
}

// A pax record is "LENGTH KEY=VALUE\n", where the length counts itself.
inline std::string pax_record(std::string_view key, std::string_view value) {
  std::size_t length = key.size() + value.size() + 3;
  length += std::to_string(length + std::to_string(length).size()).size();
  return fmt::format("{} {}={}\n", length, key, value);
}
inline std::string pax(const std::string& records) {
  return header({.name = "PaxHeaders/x", .type = 'x', .size = records.size()}) + padded(records);
}

inline std::string end() { return std::string(2 * record_size, '\0'); }

}  // namespace leakfs::archive::tar
