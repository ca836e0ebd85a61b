// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/encryption.h"

namespace leakfs::archive {

Result<void> report_undecryptable(WalkContext& context) {
  return context.give_up("encrypted",
                         {.status = ExitStatus::passphrase,
                          .text = "is encrypted",
                          .hint = "decrypt it first: of encrypted archives only zip can be read"});
}

Result<void> report_encrypted(WalkContext& context) {
  Error error{.status = ExitStatus::passphrase, .text = "is encrypted"};
  if (context.options().passphrase) {
    error.text = "the passphrase does not open it";
    error.hint = "the passphrase is the first line of its file, without the line end";
  } else {
    error.hint =
        "name a file that holds the passphrase: mkleakfs --passphrase-file FILE, or "
        "leakfs -o passphrase_file=FILE";
  }
  return context.give_up("encrypted", std::move(error));
}

}  // namespace leakfs::archive
