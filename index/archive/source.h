// SPDX-License-Identifier: GPL-3.0-or-later
// The input files of an index, open and known to be unchanged.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "index/base/error.h"
#include "index/codec/input.h"

namespace leakfs::archive {

class Source {
 public:
  // No inputs.
  Source();
  ~Source();
  Source(Source&&) noexcept;
  Source& operator=(Source&&) noexcept;

  // Opens the input files once; an empty path is an input that is not there. Reading later needs no
  // path. `passphrase` is that of encrypted archives.
  static Result<Source> open(const std::vector<std::string>& inputs,
                             std::optional<std::string> passphrase = {});

  // The input of that number on the command line of mkleakfs; lives as long as this. Safe from
  // several threads. Reading it gives EIO once it was written to, and for ever after.
  Result<const codec::Input*> input(std::uint32_t number) const;
  const std::optional<std::string>& passphrase() const { return passphrase_; }

  // What to say when the input is not what was indexed.
  Error changed(std::uint32_t number) const;

 private:
  class OpenInput;

  std::vector<std::unique_ptr<OpenInput>> inputs_;
  std::optional<std::string> passphrase_;
};

}  // namespace leakfs::archive
