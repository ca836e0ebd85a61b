// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/prefetch.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "fs/fuse/log.h"

namespace leakfs::fuse {
namespace {

using Clock = std::chrono::steady_clock;

// Of a folder that was forgotten: listing it again holds up whoever asks.
constexpr std::size_t files_restored_max = 2000;

FolderSource source_of(const tree::Tree& tree) {
  const auto holds = [&tree](tree::Inode folder, tree::Inode file) {
    const std::optional<tree::Node> outer = tree::decode(folder);
    const std::optional<tree::Node> inner = tree::decode(file);
    if (!outer || !inner) return false;
    const Result<bool> is_held = tree.holds(*outer, *inner);
    return is_held && *is_held;
  };
  const auto files = [&tree](tree::Inode folder) {
    std::vector<ListedFile> found;
    const std::optional<tree::Node> node = tree::decode(folder);
    if (!node) return found;
    const auto add = [&found](const tree::DirectoryEntry& entry, std::uint64_t /*cookie*/) {
      if (entry.attributes.is_directory) return true;
      const auto size = std::min<std::uint64_t>(entry.attributes.size, UINT32_MAX);
      found.push_back(
          {.inode = tree::encode(entry.node), .size = static_cast<std::uint32_t>(size)});
      return found.size() < files_restored_max;
    };
    // What was listed before the damage is worth as much.
    const Result<void> listed = tree.list(*node, 0, add);
    if (!listed) log("prefetch: " + listed.error().message());
    return found;
  };
  return {.holds = holds, .files = files};
}

// Evidence costs more to make than to ask for; the files of the catalog are large.
bool is_pushed(tree::Inode file) {
  const std::optional<tree::Node> node = tree::decode(file);
  return node && node->kind != tree::Kind::message_evidence && node->kind != tree::Kind::file;
}

}  // namespace

Prefetch::Prefetch(fuse_session* session, const tree::Tree& tree)
    : session_(session), tree_(tree), read_ahead_(source_of(tree)) {}

Prefetch::~Prefetch() { stop(); }

void Prefetch::start() {
  const std::lock_guard lock(mutex_);
  if (!is_stopping_) thread_ = std::thread([this] { run(); });
}

bool Prefetch::read(fuse_req_t request, tree::Inode file) {
  if (!is_pushed(file)) return false;
  const std::lock_guard lock(mutex_);
  const bool has_work = read_ahead_.read(fuse_req_ctx(request)->pid, file, Clock::now());
  // Who has caught up with a batch waits for it instead of racing it to its end.
  return has_work || std::ranges::binary_search(batch_, file, {}, &ListedFile::inode);
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
    // The push waits for the page, and the page for this answer.
    const bool is_awaited = file != 0 && file == pushing_;
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

void Prefetch::choose_batch() {
  batch_.clear();
  try {
    if (!is_stopping_) batch_ = read_ahead_.next(Clock::now());
  } catch (...) {
    log_exception("prefetch");
  }
}

void Prefetch::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    choose_batch();
    if (batch_.empty() && held_.empty()) {
      if (is_stopping_) return;
      wake_.wait(lock);
      continue;
    }
    for (const ListedFile& file : batch_) {
      // It would wait for the answer, and that for the push.
      if (std::ranges::find(held_, file.inode, &Held::file) != held_.end()) continue;
      pushing_ = file.inode;
      lock.unlock();
      push(file);
      lock.lock();
      pushing_ = 0;
    }
    const std::vector<Held> held = std::exchange(held_, {});
    lock.unlock();
    for (const Held& one : held) one.answer();
    lock.lock();
  }
}

void Prefetch::push(const ListedFile& file) const {
  const std::optional<tree::Node> node = tree::decode(file.inode);
  if (!node) return;
  try {
    Result<ByteString> bytes = tree_.read(*node, {.offset = 0, .length = file.size});
    // What is damaged is told to whoever reads it.
    if (!bytes || bytes->size() != file.size || !tree_.check_readable()) return;
    fuse_bufvec buffer = FUSE_BUFVEC_INIT(bytes->size());
    buffer.buf[0].mem = bytes->data();
    // It fails where the kernel has forgotten the inode, which is as well.
    fuse_lowlevel_notify_store(session_, file.inode, 0, &buffer, FUSE_BUF_NO_SPLICE);
  } catch (...) {
    log_exception("prefetch");
  }
}

}  // namespace leakfs::fuse
