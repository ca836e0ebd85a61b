// SPDX-License-Identifier: GPL-3.0-or-later
// Historical public keys by name, read from files; the network is never asked. leakfs-keyring(5)
// has the format.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/dkim/key_record.h"

namespace leakfs::dkim {

class KeyTable;

// A line of a key file that could not be used; the rest of the file is.
struct KeyFileProblem {
  std::string file;
  std::size_t line = 0;
  std::string what;
};

// Of one file; one more then counts the others.
constexpr std::size_t key_file_problems_max = 100;

// Immutable once loaded; shared by all threads.
class Keyring {
 public:
  // Adds the records of a key file's text; of one that is there already, only what its comment
  // says. `file` is its name for problems, which come in the order of their lines.
  void add(Bytes text, const std::string& file, std::vector<KeyFileProblem>& problems);
  // Reads and adds a file. An unreadable file is an error.
  Result<void> load(const std::string& path, std::vector<KeyFileProblem>& problems);

  // All records of selector._domainkey.domain, in the order of the files; names compare without
  // case. Empty if there is none.
  std::span<const KeyRecord> find(std::string_view selector, std::string_view domain) const;

  // Of records; one that several names lead to counts for each of them.
  std::size_t size() const;

  Keyring();
  ~Keyring();
  Keyring(Keyring&&) noexcept;
  Keyring& operator=(Keyring&&) noexcept;

 private:
  std::unique_ptr<KeyTable> table_;
};

}  // namespace leakfs::dkim
