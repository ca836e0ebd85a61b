// SPDX-License-Identifier: GPL-3.0-or-later
// A process that runs a part of this program, with a socket between the two.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include <sys/types.h>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/base/file.h"

namespace leakfs::process {

// One end of a socket between two processes on which messages keep their bounds.
class Channel {
 public:
  Channel() = default;
  explicit Channel(File socket) : socket_(std::move(socket)) {}

  int descriptor() const { return socket_.descriptor(); }
  // False if nobody is at the other end.
  bool send(Bytes message);
  // Waits for the next message, at most `length` bytes of it. Its length; 0 if nobody is at the
  // other end.
  std::size_t receive(char* message, std::size_t length);
  // The same without waiting; absent if there is none.
  std::optional<std::size_t> receive_now(char* message, std::size_t length);

 private:
  std::optional<std::size_t> receive(char* message, std::size_t length, int flags);

  File socket_;
};

// Killed, and waited for, by the destructor.
class Child {
 public:
  // Runs `main` in a child and ends it there; what it throws is its death. The child has the
  // channel's other end, stdin, stdout, stderr and the descriptors `kept`, and ends with its
  // parent. Call while the process has one thread.
  static Result<Child> start(const std::function<void(Channel& channel)>& main,
                             const std::vector<int>& kept);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  Channel& channel() { return channel_; }
  // Time on processors that it has taken.
  std::chrono::nanoseconds cpu_time() const;
  void kill();
  // Waits for its end. Whether that was of its own will and without failure.
  bool wait();

 private:
  Child(pid_t pid, Channel channel) : pid_(pid), channel_(std::move(channel)) {}

  pid_t pid_ = -1;  // -1: waited for
  Channel channel_;
};

}  // namespace leakfs::process
