// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/session.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>

#include <unistd.h>

#include "fs/fuse/ending.h"
#include "fs/fuse/operations.h"
#include "fs/fuse/prefetch.h"
#include "fs/fuse/unmounter.h"
#include "fs/fuse/workers.h"

namespace leakfs::fuse {
namespace {

struct DestroySession {
  void operator()(fuse_session* session) const { fuse_session_destroy(session); }
};

struct FreeArguments {
  void operator()(fuse_args* arguments) const { fuse_opt_free_args(arguments); }
};

constexpr std::size_t workers_max = 4;

// One option, whatever characters it has: a name of an archive may hold a comma.
void add_option(fuse_args& arguments, const std::string& option) {
  char* escaped = nullptr;
  fuse_opt_add_opt_escaped(&escaped, option.c_str());
  fuse_opt_add_arg(&arguments, "-o");
  fuse_opt_add_arg(&arguments, escaped);
  std::free(escaped);
}

// Without "ro" each read would invalidate the time of access and cost a request. They come last,
// for the last word counts: mount(8) asks for "rw" unless told otherwise.
constexpr const char* fixed_options = "ro,nosuid,nodev,noexec,default_permissions,subtype=leakfs";

// Until the tree is unmounted or a signal ends it; 0 or -errno.
int serve_requests(fuse_session* session, Served& served) {
  Workers workers(workers_max);
  served.workers = &workers;
  return fuse_session_loop(session);
}

// libfuse or fusermount3(1) has said what it was denied; here is what to do about it.
std::unexpected<Error> not_mounted(const Options& options) {
  constexpr const char* device = "/dev/fuse";
  if (::access(device, R_OK | W_OK) != 0) {
    const int number = errno;
    return output_error(number, std::string(device) + ": cannot be opened",
                        number == EACCES
                            ? "its mode keeps you out: ask for read and write permission on it"
                            : "load the kernel module fuse; a container has to be given it");
  }
  const bool is_for_others =
      std::ranges::find(options.mount_options, "allow_other") != options.mount_options.end();
  return output_error(options.mountpoint + ": cannot be mounted",
                      is_for_others && ::geteuid() != 0
                          ? "allow_other needs a line user_allow_other in /etc/fuse.conf"
                          : "it has to be an empty directory of yours that nothing is mounted on");
}

}  // namespace

Result<void> serve(const tree::Tree& tree, const Options& options,
                   const std::function<void()>& on_ready) {
  fuse_args arguments = FUSE_ARGS_INIT(0, nullptr);
  const std::unique_ptr<fuse_args, FreeArguments> owner(&arguments);
  fuse_opt_add_arg(&arguments, "leakfs");
  for (const std::string& option : options.mount_options) add_option(arguments, option);
  fuse_opt_add_arg(&arguments, "-o");
  fuse_opt_add_arg(&arguments, fixed_options);
  if (options.is_debug) fuse_opt_add_arg(&arguments, "-d");

  Served served{.tree = tree,
                .uid = options.uid,
                .gid = options.gid,
                .umask = options.umask,
                .read_size_max = options.read_size_max};
  std::optional<Unmounter> unmounter;  // works when the session is gone
  const std::unique_ptr<fuse_session, DestroySession> session(
      fuse_session_new(&arguments, &operations(), sizeof(fuse_lowlevel_ops), &served));
  if (!session) {
    return std::unexpected(Error{.status = ExitStatus::usage,
                                 .text = "the mount options are wrong",
                                 .hint = "leakfs(1) lists those that exist"});
  }
  keep_ending_signals();
  if (fuse_session_mount(session.get(), options.mountpoint.c_str()) != 0) {
    return not_mounted(options);
  }
  unmounter.emplace(options.mountpoint);
  on_ready();
  Prefetch prefetch(session.get(), tree);
  // Prefetching ends before the session does: a push may wait for a READ to be answered.
  Ending ending(session.get(), [&prefetch, &tree] {
    tree.stop();
    prefetch.stop();
  });
  served.end = [&ending] { ending.request(); };
  if (options.is_prefetching) {
    prefetch.start();
    served.prefetch = &prefetch;
  }
  const int ended = serve_requests(session.get(), served);
  prefetch.stop();
  if (!ending.was_asked_for()) unmounter->leave_alone();
  TRY(tree.check_readable());
  if (ended < 0) return output_error(-ended, options.mountpoint);
  return {};
}

}  // namespace leakfs::fuse
