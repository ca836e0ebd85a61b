// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/sandbox/seccomp.h"

#include <cerrno>
#include <initializer_list>
#include <memory>
#include <new>

#include <linux/sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>

namespace leakfs::sandbox {
namespace {

using Calls = std::initializer_list<int>;

// Of the descriptors that a process has, of time, of itself. (By pipes sanitizers see what memory
// can be read.)
constexpr Calls always = {
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(preadv), SCMP_SYS(write),
    SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
    SCMP_SYS(statx), SCMP_SYS(fcntl), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(fadvise64),
    SCMP_SYS(sendto), SCMP_SYS(recvfrom), SCMP_SYS(pipe), SCMP_SYS(pipe2),
    // memory
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
    // time
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(restart_syscall),
    // threads that are there, and random numbers
    SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(getrandom),
    // signals and the end; tgkill() is what abort() does
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigtimedwait), SCMP_SYS(sigaltstack), SCMP_SYS(tgkill), SCMP_SYS(getpid),
    SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
    SCMP_SYS(getegid), SCMP_SYS(getrusage), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(exit),
    SCMP_SYS(exit_group)};

constexpr Calls thread_calls = {SCMP_SYS(rseq), SCMP_SYS(set_robust_list)};

// They confine themselves further, which takes more calls than they keep.
constexpr Calls process_calls = {SCMP_SYS(set_robust_list),
                                 SCMP_SYS(rseq),
                                 SCMP_SYS(wait4),
                                 SCMP_SYS(waitid),
                                 SCMP_SYS(kill),
                                 SCMP_SYS(socketpair),
                                 SCMP_SYS(memfd_create),
                                 SCMP_SYS(prctl),
                                 SCMP_SYS(seccomp),
                                 SCMP_SYS(landlock_create_ruleset),
                                 SCMP_SYS(landlock_add_rule),
                                 SCMP_SYS(landlock_restrict_self),
                                 SCMP_SYS(capget),
                                 SCMP_SYS(capset),
                                 SCMP_SYS(setrlimit),
                                 SCMP_SYS(getrlimit),
                                 SCMP_SYS(prlimit64),
                                 SCMP_SYS(close_range)};

constexpr Calls write_calls = {
    SCMP_SYS(pwrite64),        SCMP_SYS(pwritev), SCMP_SYS(ftruncate), SCMP_SYS(fallocate),
    SCMP_SYS(copy_file_range), SCMP_SYS(fsync),   SCMP_SYS(fdatasync), SCMP_SYS(msync),
    SCMP_SYS(sync_file_range), SCMP_SYS(fchmod),  SCMP_SYS(flock)};

// Landlock says which.
constexpr Calls open_calls = {SCMP_SYS(openat),   SCMP_SYS(open),       SCMP_SYS(getdents64),
                              SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(dup)};

constexpr Calls replace_calls = {SCMP_SYS(openat),   SCMP_SYS(open),   SCMP_SYS(rename),
                                 SCMP_SYS(renameat), SCMP_SYS(unlink), SCMP_SYS(unlinkat)};

// What libfuse moves bytes with, syslog(3), and waiting for the process that unmounts.
constexpr Calls fuse_calls = {SCMP_SYS(splice), SCMP_SYS(vmsplice), SCMP_SYS(tee),
                              SCMP_SYS(sendmsg), SCMP_SYS(wait4)};

struct Release {
  void operator()(scmp_filter_ctx filter) const { seccomp_release(filter); }
};

class Filter {
 public:
  Filter() : filter_(seccomp_init(SCMP_ACT_ERRNO(EPERM))) {
    expect(filter_ != nullptr);
    // A tree of comparisons instead of a list; older libraries cannot.
    seccomp_attr_set(filter_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
  }

  void allow(const Calls& calls) {
    for (const int call : calls) {
      // A call that this processor does not have is none to allow.
      if (call >= 0) add(call, {});
    }
  }

  // Memory, but none that can be executed: what is in it may come from the archive.
  void allow_memory() {
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
      add(call, {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)});
    }
  }

  void allow_threads() {
    allow(thread_calls);
    allow_clone(CLONE_THREAD, CLONE_THREAD);
  }

  void allow_processes() {
    allow(process_calls);
    // In the namespaces that it has.
    constexpr std::uint64_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                         CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
    allow_clone(namespaces, 0);
  }

  // False if the kernel does not take it: then the code is the one of the system (seccomp_load(3)).
  bool load() {
    const int code = seccomp_load(filter_.get());
    expect(code == 0 || code == -ECANCELED);
    return code == 0;
  }

 private:
  // Of what is known when leakfs is built, only a lack of memory can fail. To go on without a
  // filter would be to say that the kernel lacks it.
  static void expect(bool is_done) {
    if (!is_done) throw std::bad_alloc();
  }
  void add(int call, std::initializer_list<scmp_arg_cmp> conditions) {
    expect(seccomp_rule_add_array(filter_.get(), SCMP_ACT_ALLOW, call,
                                  static_cast<unsigned>(conditions.size()),
                                  conditions.begin()) == 0);
  }
  void allow_clone(std::uint64_t mask, std::uint64_t value) {
    add(SCMP_SYS(clone), {SCMP_A0(SCMP_CMP_MASKED_EQ, mask, value)});
    // Its flags lie in memory, out of a filter's sight: without it the C library takes clone().
    expect(seccomp_rule_add(filter_.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0);
  }

  const std::unique_ptr<void, Release> filter_;
};

}  // namespace

bool has_seccomp() {
  // A null filter is refused for its address where there is seccomp.
  return ::prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
}

bool confine_by_seccomp(const Needs& needs) {
  Filter filter;
  filter.allow(always);
  filter.allow_memory();
  if (needs.starts_processes) {
    filter.allow_processes();
  } else if (needs.starts_threads) {
    filter.allow_threads();
  }
  if (needs.writes_files) filter.allow(write_calls);
  if (!needs.readable_below.empty()) filter.allow(open_calls);
  if (!needs.replaceable_in.empty()) filter.allow(replace_calls);
  if (needs.serves_fuse) filter.allow(fuse_calls);
  return filter.load();
}

}  // namespace leakfs::sandbox
