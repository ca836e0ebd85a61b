// SPDX-License-Identifier: GPL-3.0-or-later
// Where the messages go: an archive of .eml files or one mbox, by the extension of the name. It is
// written under another name in the same directory and whole or absent in the end.
#pragma once

#include <memory>
#include <string>

#include "index/base/bytes.h"
#include "index/base/civil_time.h"
#include "index/base/error.h"
#include "index/base/file.h"

namespace leakfs::sample {

class Output {
 public:
  virtual ~Output() = default;
  virtual Result<void> add(const std::string& path, UnixTime date, Bytes message) = 0;
  virtual Result<void> close() = 0;

  static Result<std::unique_ptr<Output>> create(const std::string& path);
};

// Files with LF only, as mbox programs write them.
bool is_mbox(const std::string& path);

// A file that text is appended to.
class TextFile {
 public:
  static Result<TextFile> create(const std::string& path);
  Result<void> append(Bytes text);
  Result<void> close();

 private:
  explicit TextFile(File file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  Result<void> flush();

  File file_;
  std::string path_;
  ByteString pending_;
  std::uint64_t written_ = 0;
};

}  // namespace leakfs::sample
