// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/reply.h"

#include <atomic>
#include <cerrno>

#include "fs/fuse/log.h"
#include "fs/fuse/operations.h"

namespace leakfs::fuse {

void answer_by(fuse_req_t request, const char* what, const std::function<Result<void>()>& serve) {
  int number = EIO;
  try {
    const Result<void> served = serve();
    if (served) return;
    const auto& all = *static_cast<const Served*>(fuse_req_userdata(request));
    if (const Result<void> readable = all.tree.check_readable(); !readable) {
      // Whatever it was that failed; and nothing will be right again.
      log(readable.error().message());
      all.end();
    } else {
      if (served.error().number != 0) number = served.error().number;
      // A name or inode that is not there is an answer, not a failure. Without its passphrase every
      // file of an encrypted archive fails, which is said once.
      static std::atomic<bool> is_passphrase_asked_for = false;
      const bool is_said =
          served.error().status == ExitStatus::passphrase && is_passphrase_asked_for.exchange(true);
      if (number != ENOENT && !is_said) log(std::string(what) + ": " + served.error().message());
    }
  } catch (...) {
    // Out of memory, or a bug; either way the others go on.
    log_exception(what);
  }
  fuse_reply_err(request, number);
}

}  // namespace leakfs::fuse
