// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/prefetch.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "fs/fuse/log.h"

namespace leakfs::fuse {
namespace {

using Clock = std::chrono::steady_clock;

// Evidence costs more to make than to ask for; the files of the catalog are large.
bool is_pushed(tree::Inode file) {
  const std::optional<tree::Node> node = tree::decode(file);
  return node && node->kind != tree::Kind::message_evidence && node->kind != tree::Kind::file;
}

}  // namespace

Prefetch::Prefetch(fuse_session* session, const tree::Tree& tree)
    : session_(session), tree_(tree) {}

Prefetch::~Prefetch() { stop(); }

void Prefetch::start() {
  const std::lock_guard lock(mutex_);
  if (!is_stopping_) thread_ = std::thread([this] { run(); });
}

bool Prefetch::read(fuse_req_t request, tree::Inode file) {
  if (!is_pushed(file)) return false;
  const std::lock_guard lock(mutex_);
  return read_ahead_.read(fuse_req_ctx(request)->pid, file, Clock::now());
}

bool Prefetch::ask(fuse_req_t request, const ReadAhead::Listing& listing) {
  const std::lock_guard lock(mutex_);
  return read_ahead_.ask(fuse_req_ctx(request)->pid, listing, Clock::now());
}

void Prefetch::list(const ReadAhead::Reply& reply, std::span<const ListedFile> files) {
  const std::lock_guard lock(mutex_);
  read_ahead_.list(reply, files);
}

void Prefetch::hold(tree::Inode file, std::function<void()> answer) {
  {
    const std::lock_guard lock(mutex_);
    const bool is_awaited = std::ranges::binary_search(batch_, file, {}, &ListedFile::inode);
    if (!is_stopping_ && !is_awaited) {
      held_.push_back({.file = file, .answer = std::move(answer)});
      wake_.notify_one();
      return;
    }
  }
  answer();
}

void Prefetch::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    wake_.notify_one();
  }
  std::call_once(joined_, [this] {
    if (thread_.joinable()) thread_.join();
  });
}

void Prefetch::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    take_batch();
    const std::vector<Held> held = std::exchange(held_, {});
    if (batch_.empty() && held.empty()) {
      if (is_stopping_) return;
      wake_.wait(lock);
      continue;
    }
    const std::vector<ListedFile> batch = batch_;
    lock.unlock();
    for (const ListedFile& file : batch) push(file);
    for (const Held& one : held) one.answer();
    lock.lock();
  }
}

// What to push next. A file whose READ is held would wait for its answer, and that for the push.
void Prefetch::take_batch() {
  batch_.clear();
  if (is_stopping_) return;
  batch_ = read_ahead_.next(Clock::now());
  std::erase_if(batch_, [this](const ListedFile& file) {
    return std::ranges::find(held_, file.inode, &Held::file) != held_.end();
  });
}

void Prefetch::push(const ListedFile& file) const {
  const std::optional<tree::Node> node = tree::decode(file.inode);
  if (!node) return;
  try {
    Result<ByteString> bytes = tree_.read(*node, {.offset = 0, .length = file.size});
    // What is damaged is told to whoever reads it.
    if (!bytes || bytes->size() != file.size) return;
    fuse_bufvec buffer = FUSE_BUFVEC_INIT(bytes->size());
    buffer.buf[0].mem = bytes->data();
    // It fails where the kernel has forgotten the inode, which is as well.
    fuse_lowlevel_notify_store(session_, file.inode, 0, &buffer, FUSE_BUF_NO_SPLICE);
  } catch (const std::exception& exception) {
    log(std::string("prefetch: ") + exception.what());
  }
}

}  // namespace leakfs::fuse
