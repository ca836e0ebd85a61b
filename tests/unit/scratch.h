// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "index/base/file.h"

namespace leakfs {

// A directory that is gone when the test ends.
class Scratch {
 public:
  Scratch() {
    std::string name = testing::TempDir() + "leakfs-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string path(const std::string& name) const { return path_ + "/" + name; }
  // Writes a file, in the place of one of that name.
  std::string write(const std::string& name, Bytes content) const {
    std::filesystem::remove(path(name));
    const Result<File> file = File::create(path(name));
    EXPECT_TRUE(file && file->write(0, content));
    return path(name);
  }

 private:
  std::string path_;
};

}  // namespace leakfs
