// SPDX-License-Identifier: GPL-3.0-or-later
// What a confined process can do, tried by a child that is.
#include "index/sandbox/sandbox.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <functional>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/scratch.h"

namespace leakfs::sandbox {
namespace {

// Whether `act` is true in a process that is confined.
bool is_true_inside(const Needs& needs, const std::function<bool()>& act) {
  const pid_t child = ::fork();
  if (child == 0) {
    confine(needs);
    ::_exit(act() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool can_open(const std::string& path, int flags) {
  const File file(::open(path.c_str(), flags | O_CLOEXEC, 0600));
  return file.is_open();
}

class Sandbox : public testing::Test {
 protected:
  void SetUp() override {
    if (!available().is_full()) GTEST_SKIP() << available().text();
  }
  const Scratch scratch_;
  const std::string file_ = scratch_.write("file", "content");
};

TEST_F(Sandbox, TakesHoldAsFarAsTheKernelCan) {
  EXPECT_TRUE(is_true_inside({}, [] { return true; }));
  const pid_t child = ::fork();
  if (child == 0) ::_exit(confine({}).is_full() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(Sandbox, FilesCannotBeOpened) {
  EXPECT_FALSE(is_true_inside({}, [&] { return can_open(file_, O_RDONLY); }));
  EXPECT_FALSE(is_true_inside({}, [&] { return can_open(file_, O_WRONLY); }));
  EXPECT_FALSE(
      is_true_inside({}, [&] { return can_open(scratch_.path("new"), O_RDWR | O_CREAT); }));
  EXPECT_FALSE(is_true_inside({}, [&] { return ::unlink(file_.c_str()) == 0; }));
  EXPECT_TRUE(can_open(file_, O_RDONLY));
}

TEST_F(Sandbox, WhatIsOpenCanBeRead) {
  const Result<File> file = File::open(file_);
  ASSERT_TRUE(file);
  EXPECT_TRUE(is_true_inside({}, [&] { return file->read(0, 7).value_or("") == "content"; }));
}

TEST_F(Sandbox, ThereIsNoNetworkAndNoOtherProgram) {
  for (const int family : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK}) {
    EXPECT_FALSE(is_true_inside({}, [=] { return ::socket(family, SOCK_DGRAM, 0) >= 0; }));
  }
  EXPECT_FALSE(is_true_inside({}, [] { return ::execl("/bin/true", "true", nullptr) == 0; }));
  EXPECT_FALSE(is_true_inside({}, [] { return ::fork() >= 0; }));
  EXPECT_FALSE(
      is_true_inside({}, [] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }));
  EXPECT_FALSE(is_true_inside({}, [] { return ::umount("/") == 0 || errno != EPERM; }));
}

TEST_F(Sandbox, MemoryCannotBeExecuted) {
  const auto map = [](int protection) {
    return ::mmap(nullptr, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  };
  EXPECT_TRUE(is_true_inside({}, [&] { return map(PROT_READ | PROT_WRITE) != MAP_FAILED; }));
  EXPECT_FALSE(is_true_inside({}, [&] { return map(PROT_READ | PROT_EXEC) != MAP_FAILED; }));
  EXPECT_FALSE(is_true_inside({}, [&] {
    return ::mprotect(map(PROT_READ | PROT_WRITE), 4096, PROT_READ | PROT_EXEC) == 0;
  }));
}

TEST_F(Sandbox, ThereAreThreadsWhereTheyAreNeeded) {
  const auto start = [] {
    try {
      std::thread([] {}).join();
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  };
  EXPECT_TRUE(is_true_inside({.starts_threads = true}, start));
  EXPECT_FALSE(is_true_inside({}, start));
  EXPECT_FALSE(is_true_inside({.starts_threads = true}, [] { return ::fork() >= 0; }));
}

TEST_F(Sandbox, ProcessesStayInIt) {
  const Needs needs = {.starts_processes = true};
  EXPECT_TRUE(is_true_inside(needs, [&] {
    return !is_true_inside({}, [&] { return can_open(file_, O_RDONLY); }) &&
           is_true_inside({}, [] { return true; });
  }));
  EXPECT_FALSE(is_true_inside(needs, [] { return ::execl("/bin/true", "true", nullptr) == 0; }));
  EXPECT_FALSE(is_true_inside(needs, [] { return ::unshare(CLONE_NEWUSER) == 0; }));
}

TEST_F(Sandbox, FilesAreReadAndReplacedOnlyWhereTheyAreNeeded) {
  ASSERT_EQ(::mkdir(scratch_.path("in").c_str(), 0700), 0);
  const std::string in = scratch_.write("in/file", "content");
  const std::string out = scratch_.write("out", "content");
  EXPECT_TRUE(is_true_inside({.readable_below = {scratch_.path("in")}}, [&] {
    return can_open(in, O_RDONLY) && !can_open(in, O_WRONLY) && !can_open(out, O_RDONLY);
  }));
  EXPECT_TRUE(is_true_inside({.replaceable_in = {scratch_.path("in")}}, [&] {
    return ::rename(in.c_str(), scratch_.path("in/other").c_str()) == 0 &&
           ::rename(out.c_str(), scratch_.path("out2").c_str()) != 0 &&
           ::unlink(scratch_.path("in/other").c_str()) == 0 && ::unlink(out.c_str()) != 0 &&
           !can_open(scratch_.path("in/file"), O_RDONLY);
  }));
}

TEST_F(Sandbox, RootIsNobody) {
  EXPECT_FALSE(is_true_inside({}, [&] { return ::chown(file_.c_str(), 1, 1) == 0; }));
  EXPECT_FALSE(
      is_true_inside({.readable_below = {scratch_.path("")}}, [] { return ::setuid(1) == 0; }));
}

TEST_F(Sandbox, MemoryIsBounded) {
  const Needs needs = {.memory_max = memory_in_use() + (64 << 20)};
  const auto map = [](std::size_t size) {
    return ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  };
  EXPECT_TRUE(is_true_inside(needs, [&] { return map(32 << 20) != MAP_FAILED; }));
  EXPECT_TRUE(is_true_inside(needs, [&] { return map(128 << 20) == MAP_FAILED; }));
}

TEST_F(Sandbox, ACrashLeavesNoCore) {
  EXPECT_TRUE(is_true_inside({.starts_processes = true}, [] {
    rlimit limit = {};
    return ::getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0;
  }));
}

}  // namespace
}  // namespace leakfs::sandbox
