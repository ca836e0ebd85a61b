// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: puts small files into the kernel's page cache before they are read. What
// is worth it says ReadAhead; this is the thread that does it.
//
// A push waits for the page it writes to, and a READ that is being answered holds its page. So no
// thread that answers requests may push, and requests have to be answered for as long as this
// thread runs: stop() comes before the session's end.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "fs/fuse/read_ahead.h"
#include "fs/fuse/reply.h"
#include "fs/tree/tree.h"

namespace leakfs::fuse {

// Safe from several threads.
class Prefetch {
 public:
  // Both have to outlive this.
  Prefetch(fuse_session* session, const tree::Tree& tree);
  ~Prefetch();
  Prefetch(const Prefetch&) = delete;
  Prefetch& operator=(const Prefetch&) = delete;

  // Starts the thread, which blocks the signals that its creator does; not after stop().
  void start();

  // A request to read a file from its start. If true, hold() its answer.
  bool read(fuse_req_t request, tree::Inode file);
  // A request for the entries of a folder behind a cookie. If true, hold() its answer: the thread
  // that asked reads the files next that are being pushed.
  bool ask(fuse_req_t request, const ReadAhead::Listing& listing);
  // The answer to it; call before it is sent.
  void list(const ReadAhead::Reply& reply, std::span<const ListedFile> files);
  // Calls `answer` after the next few files: one batch of ReadAhead. `file` is the one whose READ
  // it answers, or 0: the kernel keeps its page locked until then, so it is not pushed meanwhile.
  void hold(tree::Inode file, std::function<void()> answer);

  // Ends the thread after the file it is at; may be called several times. What comes later has no
  // effect.
  void stop();

 private:
  void choose_batch();  // with the lock held
  void run();
  void push(const ListedFile& file) const;

  fuse_session* session_;
  const tree::Tree& tree_;
  std::mutex mutex_;  // guards all below; of others only the tree is called with it held
  std::condition_variable wake_;
  ReadAhead read_ahead_;
  struct Held {
    tree::Inode file = 0;
    std::function<void()> answer;
  };
  std::vector<Held> held_;
  std::vector<ListedFile> batch_;  // being pushed; by inode
  tree::Inode pushing_ = 0;        // of it, now
  bool is_stopping_ = false;
  std::thread thread_;  // joined without the lock: it is not started any more then
  std::once_flag joined_;
};

}  // namespace leakfs::fuse
