// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/process/child.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace leakfs::process {
namespace {

// Those above stderr that are not kept. What the parent has open, the index among it, is none of
// the child's business.
void close_others(std::vector<int> kept) {
  std::ranges::sort(kept);
  unsigned from = STDERR_FILENO + 1;
  for (const int descriptor : kept) {
    const auto next = static_cast<unsigned>(descriptor);
    if (next > from) ::close_range(from, next - 1, 0);
    from = std::max(from, next + 1);
  }
  ::close_range(from, ~0U, 0);
}

[[noreturn]] void run_child(const std::function<void(Channel&)>& main, File socket,
                            std::vector<int> kept, pid_t parent) {
  // The parent ends it. A signal from the terminal goes to both, and the parent has to clean up.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  for (const int signal : {SIGINT, SIGHUP, SIGQUIT}) std::signal(signal, SIG_IGN);
  std::signal(SIGTERM, SIG_DFL);
  kept.push_back(socket.descriptor());
  close_others(kept);
  Channel channel(std::move(socket));
  int status = 1;
  try {
    main(channel);
    status = 0;
  } catch (...) {
    // Its death says it: what can be read of the exception may be hostile.
    status = 1;
  }
  ::_exit(status);
}

}  // namespace

bool Channel::send(Bytes message) {
  ssize_t sent = 0;
  do {
    sent = ::send(socket_.descriptor(), message.data(), message.size(), MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(message.size());
}

std::size_t Channel::receive(char* message, std::size_t length) {
  return receive(message, length, 0).value_or(0);
}

std::optional<std::size_t> Channel::receive_now(char* message, std::size_t length) {
  return receive(message, length, MSG_DONTWAIT);
}

std::optional<std::size_t> Channel::receive(char* message, std::size_t length, int flags) {
  ssize_t received = 0;
  do {
    received = ::recv(socket_.descriptor(), message, length, flags);
    // Of a process that ended with messages unread this is said first, before what it had sent.
  } while (received < 0 && (errno == EINTR || errno == ECONNRESET));
  if (received < 0 && errno == EAGAIN) return std::nullopt;
  return received < 0 ? 0 : static_cast<std::size_t>(received);
}

Result<Child> Child::start(const std::function<void(Channel&)>& main,
                           const std::vector<int>& kept) {
  int sockets[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0) {
    return output_error(errno, "no socket for another process");
  }
  File ours(sockets[0]);
  File theirs(sockets[1]);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return output_error(errno, "no other process");
  if (pid == 0) run_child(main, std::move(theirs), kept, parent);
  return Child(pid, Channel(std::move(ours)));
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), channel_(std::move(other.channel_)) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(channel_, other.channel_);
  return *this;
}

Child::~Child() {
  kill();
  wait();
}

std::chrono::nanoseconds Child::cpu_time() const {
  clockid_t clock = {};
  timespec time = {};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

void Child::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

bool Child::wait() {
  if (pid_ <= 0) return false;
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace leakfs::process
