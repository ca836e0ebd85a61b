// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/unfinished_file.h"

#include <array>
#include <atomic>
#include <csignal>
#include <utility>

#include <unistd.h>

namespace leakfs::store {
namespace {

constexpr std::array<int, 3> signals = {SIGINT, SIGTERM, SIGHUP};

// What a signal handler may look at: the path, or null.
std::atomic<const char*> unfinished = nullptr;
std::string unfinished_path;
static_assert(std::atomic<const char*>::is_always_lock_free);

void remove_it() {
  if (const char* path = unfinished.exchange(nullptr); path != nullptr) ::unlink(path);
}

void handle(int signal) {
  remove_it();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// Signals that are ignored, as by nohup(1), stay so.
void replace(void (*was)(int), void (*is)(int)) {
  for (const int signal : signals) {
    struct sigaction action = {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler != was) continue;
    action.sa_handler = is;
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace

UnfinishedFile::UnfinishedFile(const std::string& path) {
  unfinished_path = path;
  unfinished = unfinished_path.c_str();
  replace(SIG_DFL, handle);
}

UnfinishedFile::UnfinishedFile(UnfinishedFile&& other) noexcept
    : is_unfinished_(std::exchange(other.is_unfinished_, false)) {}

UnfinishedFile::~UnfinishedFile() {
  if (!is_unfinished_) return;
  remove_it();
  replace(handle, SIG_DFL);
}

void UnfinishedFile::keep() {
  is_unfinished_ = false;
  unfinished = nullptr;
  replace(handle, SIG_DFL);
}

}  // namespace leakfs::store
