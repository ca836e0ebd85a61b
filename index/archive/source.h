// SPDX-License-Identifier: GPL-3.0-or-later
// Random access to the streams that lie in the input files. Copied streams are not known here.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "index/archive/stream_plan.h"
#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/base/file.h"

namespace leakfs::archive {

class ForwardReaders;

class Source {
 public:
  // No inputs.
  Source();
  ~Source();
  Source(Source&&) noexcept;
  Source& operator=(Source&&) noexcept;

  // Opens the input files once; an empty path is an input that is not there. Reading later needs no
  // path.
  static Result<Source> open(const std::vector<std::string>& inputs);

  // Exactly `length` bytes of the stream from `offset`; beyond its end is an error. Safe from
  // several threads. Cost: stored: of the bytes; deflated: of all bytes up to their end, unless
  // somebody has just read up to about there. An input that was written to meanwhile gives EIO.
  Result<ByteString> read(const StreamPlan& plan, std::uint64_t offset, std::size_t length) const;

 private:
  struct Input {
    File file;
    struct stat status = {};  // when it was opened
  };

  static Result<void> check_unchanged(const Input& input);

  std::vector<Input> inputs_;
  std::unique_ptr<ForwardReaders> readers_;  // each uses a file of inputs_
};

}  // namespace leakfs::archive
