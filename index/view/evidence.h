// SPDX-License-Identifier: GPL-3.0-or-later
// What a third party needs to check the signatures of a message again with openssl(1) alone.
// leakfs-verdict(7) shows such a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "index/base/bytes.h"
#include "index/dkim/keyring.h"
#include "index/store/records_generated.h"

namespace leakfs::view {

class Evidence {
 public:
  // The keys of an index, as its keys file has them.
  explicit Evidence(Bytes key_file);

  // The file. `message` are the exact bytes of the message.
  std::string text(const records::Message& record, const std::vector<std::string>& sources,
                   Bytes message) const;

 private:
  dkim::Keyring keyring_;
};

// The size of the file, for which neither message nor key file is needed.
std::uint64_t evidence_size(const records::Message& record, const std::vector<std::string>& sources,
                            const dkim::Keyring& keyring);

}  // namespace leakfs::view
