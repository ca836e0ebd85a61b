// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: the end of a session by a signal, which is somebody's wish. libfuse's own
// handlers end it at once; here something is done first, while requests are still answered.
#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

#include <pthread.h>

#include "fs/fuse/reply.h"

namespace leakfs::fuse {

// Keeps the signals that an Ending waits for until there is one: to be called before anybody may
// think that the session is there. They stay blocked to the end of the process.
void keep_ending_signals();

// From its making to its end SIGTERM, SIGINT and SIGHUP end the session, and SIGPIPE nothing. To be
// made by the thread that will serve the session, before that starts others.
class Ending {
 public:
  // `before` is called by a thread of this.
  Ending(fuse_session* session, std::function<void()> before);
  // Call when the session has ended.
  ~Ending();

  // Ends the session as a signal does. Safe from several threads.
  void request();

  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

  // By a signal or by request().
  bool was_asked_for() const { return is_requested_; }

 private:
  void wait();

  fuse_session* session_;
  std::function<void()> before_;
  pthread_t server_;
  std::atomic<bool> is_requested_ = false;
  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

}  // namespace leakfs::fuse
