// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/ending.h"

#include <chrono>
#include <utility>

namespace leakfs::fuse {
namespace {

constexpr int wake_signal = SIGUSR1;
constexpr std::chrono::milliseconds wake_interval{10};

sigset_t awaited_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, wake_signal}) sigaddset(&signals, signal);
  return signals;
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

void keep_ending_signals() {
  const sigset_t signals = awaited_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

Ending::Ending(fuse_session* session, std::function<void()> before)
    : session_(session), before_(std::move(before)), server_(pthread_self()) {
  // Blocked in all threads, they are kept for the one that waits for them. What wakes that one
  // wakes the server as well.
  keep_ending_signals();
  handle(SIGPIPE, SIG_IGN);
  // Without SA_RESTART it makes the server's wait return, and does nothing else.
  handle(wake_signal, [](int) {});
  thread_ = std::thread([this] { wait(); });
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, wake_signal);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

Ending::~Ending() {
  is_over_ = true;
  pthread_kill(thread_.native_handle(), wake_signal);
  thread_.join();
}

void Ending::request() {
  is_requested_ = true;
  pthread_kill(thread_.native_handle(), wake_signal);
}

void Ending::wait() {
  const sigset_t signals = awaited_signals();
  int signal = 0;
  do {
    if (sigwait(&signals, &signal) != 0 || is_over_) return;
  } while (signal == wake_signal && !is_requested_);
  is_requested_ = true;
  before_();
  fuse_session_exit(session_);
  // The server looks whether the session has ended, then waits: a signal in between is lost.
  while (!is_over_) {
    pthread_kill(server_, wake_signal);
    std::this_thread::sleep_for(wake_interval);
  }
}

}  // namespace leakfs::fuse
