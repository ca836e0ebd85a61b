// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/operations.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <memory>
#include <vector>

#include <sys/stat.h>

#include "fs/fuse/prefetch.h"
#include "fs/fuse/workers.h"

namespace leakfs::fuse {
namespace {

constexpr double for_ever = std::numeric_limits<double>::max();
constexpr std::uint64_t block = 512;  // unit of st_blocks
constexpr std::size_t name_size_max = 255;
// "." and ".." come before the entries of the tree, whose cookies start at 1.
constexpr off_t dots = 2;

Served& served_by(fuse_req_t request) { return *static_cast<Served*>(fuse_req_userdata(request)); }

Result<tree::Node> node_of(fuse_ino_t inode) {
  const std::optional<tree::Node> node = tree::decode(inode);
  if (!node) return input_error(ENOENT, "no such inode");
  return *node;
}

struct stat stat_of(const Served& served, const tree::Node& node,
                    const tree::Attributes& attributes) {
  struct stat result = {};
  const mode_t mode = attributes.is_directory ? S_IFDIR | 0555 : S_IFREG | 0444;
  result.st_mode = mode & ~served.umask;
  result.st_ino = tree::encode(node);
  result.st_nlink = attributes.links;
  result.st_uid = served.uid;
  result.st_gid = served.gid;
  result.st_size = static_cast<off_t>(attributes.size);
  result.st_blocks = static_cast<blkcnt_t>((attributes.size + block - 1) / block);
  result.st_mtim.tv_sec = attributes.mtime;
  result.st_atim.tv_sec = attributes.mtime;
  result.st_ctim.tv_sec = attributes.ctime;
  return result;
}

fuse_entry_param entry_of(const Served& served, const tree::DirectoryEntry& entry) {
  fuse_entry_param result = {};
  result.ino = tree::encode(entry.node);
  result.attr = stat_of(served, entry.node, entry.attributes);
  result.attr_timeout = for_ever;
  result.entry_timeout = for_ever;
  return result;
}

void init(void* data, fuse_conn_info* connection) {
  // The kernel and libfuse have to be told the same.
  if (const auto& served = *static_cast<const Served*>(data); served.read_size_max) {
    connection->max_read = *served.read_size_max;
  }
  // The kernel's heuristic asks for plain readdir in most cases, and then for each entry alone. Nor
  // is it better for a large folder: what it saves `ls -U` it costs `ls -l` many times.
  connection->want &= ~static_cast<unsigned>(FUSE_CAP_READDIRPLUS_AUTO);
  connection->want |= connection->capable & FUSE_CAP_READDIRPLUS;
  connection->want |=
      connection->capable & (FUSE_CAP_NO_OPEN_SUPPORT | FUSE_CAP_NO_OPENDIR_SUPPORT);
}

void lookup(fuse_req_t request, fuse_ino_t parent, const char* name) {
  answer(request, "lookup", [&]() -> Result<void> {
    const Served& served = served_by(request);
    const tree::Node directory = TRY(node_of(parent));
    const std::optional<tree::DirectoryEntry> entry = TRY(served.tree.lookup(directory, name));
    TRY(served.tree.check_readable());
    // An inode of 0 makes the kernel remember that there is none.
    fuse_entry_param reply = {.entry_timeout = for_ever};
    if (entry) reply = entry_of(served, *entry);
    fuse_reply_entry(request, &reply);
    return {};
  });
}

void getattr(fuse_req_t request, fuse_ino_t inode, fuse_file_info* /*file*/) {
  answer(request, "getattr", [&]() -> Result<void> {
    const Served& served = served_by(request);
    const tree::Node node = TRY(node_of(inode));
    const tree::Attributes attributes = TRY(served.tree.attributes(node));
    TRY(served.tree.check_readable());
    const struct stat reply = stat_of(served, node, attributes);
    fuse_reply_attr(request, &reply, for_ever);
    return {};
  });
}

void open(fuse_req_t request, fuse_ino_t /*inode*/, fuse_file_info* /*file*/) {
  fuse_reply_err(request, ENOSYS);
}

struct ReadRequest {
  tree::Node file;
  content::Window window;
  bool is_held = false;  // by the prefetch
};

void answer_read(fuse_req_t request, const ReadRequest& asked) {
  answer(request, "read", [&]() -> Result<void> {
    const Served& served = served_by(request);
    ByteString bytes = TRY(served.tree.read(asked.file, asked.window));
    TRY(served.tree.check_readable());
    if (!asked.is_held) {
      fuse_reply_buf(request, bytes.data(), bytes.size());
      return {};
    }
    const auto kept = std::make_shared<const ByteString>(std::move(bytes));
    served.prefetch->hold(tree::encode(asked.file),
                          [request, kept] { fuse_reply_buf(request, kept->data(), kept->size()); });
    return {};
  });
}

void read(fuse_req_t request, fuse_ino_t inode, size_t size, off_t offset,
          fuse_file_info* /*file*/) {
  answer(request, "read", [&]() -> Result<void> {
    const Served& served = served_by(request);
    ReadRequest asked{.file = TRY(node_of(inode)),
                      .window = {.offset = static_cast<std::uint64_t>(offset), .length = size}};
    asked.is_held =
        served.prefetch != nullptr && offset == 0 && served.prefetch->read(request, inode);
    // The text of a message is a frame of the index; what needs the archive may take long.
    if (asked.file.kind == tree::Kind::message_text) {
      answer_read(request, asked);
    } else {
      served.workers->run([request, asked] { answer_read(request, asked); });
    }
    return {};
  });
}

struct ListRequest {
  fuse_ino_t inode = 0;
  std::size_t size = 0;  // bytes of the reply, at most
  off_t offset = 0;
  bool is_plus = false;
};

// One reply's worth of directory entries.
class DirectoryReply {
 public:
  DirectoryReply(fuse_req_t request, const ListRequest& asked)
      : request_(request),
        asked_(asked),
        end_(asked.offset),
        buffer_(std::make_unique_for_overwrite<char[]>(asked.size)) {}

  // False if it has no room.
  bool add(const char* name, const fuse_entry_param& entry, off_t next) {
    char* at = buffer_.get() + used_;
    const std::size_t room = asked_.size - used_;
    const std::size_t taken = asked_.is_plus
                                  ? fuse_add_direntry_plus(request_, at, room, name, &entry, next)
                                  : fuse_add_direntry(request_, at, room, name, &entry.attr, next);
    if (taken > room) return false;
    used_ += taken;
    end_ = next;
    if (S_ISREG(entry.attr.st_mode)) {
      const auto size = std::min<std::uint64_t>(entry.attr.st_size, UINT32_MAX);
      files_.push_back({.inode = entry.ino, .size = static_cast<std::uint32_t>(size)});
    }
    return true;
  }

  void note(Prefetch& prefetch) const {
    prefetch.list({.folder = asked_.inode,
                   .from = static_cast<std::uint64_t>(asked_.offset),
                   .to = static_cast<std::uint64_t>(end_)},
                  files_);
  }

  void send() { fuse_reply_buf(request_, buffer_.get(), used_); }

 private:
  fuse_req_t request_;
  ListRequest asked_;
  off_t end_;                       // cookie of the last entry
  std::unique_ptr<char[]> buffer_;  // not cleared: most answers are much smaller
  std::size_t used_ = 0;
  std::vector<ListedFile> files_;
};

void list(fuse_req_t request, ListRequest asked) {
  answer(request, "readdir", [&]() -> Result<void> {
    const Served& served = served_by(request);
    const tree::Node directory = TRY(node_of(asked.inode));
    // Entries of a plain readdir are no inodes yet.
    Prefetch* prefetch = asked.is_plus ? served.prefetch : nullptr;
    const bool is_held =
        prefetch != nullptr &&
        prefetch->ask(request,
                      {.folder = asked.inode, .cookie = static_cast<std::uint64_t>(asked.offset)});
    auto reply = std::make_shared<DirectoryReply>(request, asked);
    // With an inode of 0 the kernel does not look them up.
    fuse_entry_param self = {};
    self.attr.st_ino = asked.inode;
    self.attr.st_mode = S_IFDIR;
    off_t offset = asked.offset;
    if (offset < 1 && reply->add(".", self, 1)) offset = 1;
    if (offset == 1 && reply->add("..", self, dots)) offset = dots;
    if (offset >= dots) {
      const auto cookie = static_cast<std::uint64_t>(offset - dots);
      TRY(served.tree.list(directory, cookie,
                           [&](const tree::DirectoryEntry& entry, std::uint64_t next) {
                             return reply->add(entry.name.c_str(), entry_of(served, entry),
                                               static_cast<off_t>(next) + dots);
                           }));
    }
    TRY(served.tree.check_readable());
    if (prefetch != nullptr) reply->note(*prefetch);
    if (is_held) {
      prefetch->hold(0, [reply] { reply->send(); });
    } else {
      reply->send();
    }
    return {};
  });
}

void readdir(fuse_req_t request, fuse_ino_t inode, size_t size, off_t offset,
             fuse_file_info* /*file*/) {
  list(request, {.inode = inode, .size = size, .offset = offset});
}

void readdirplus(fuse_req_t request, fuse_ino_t inode, size_t size, off_t offset,
                 fuse_file_info* /*file*/) {
  list(request, {.inode = inode, .size = size, .offset = offset, .is_plus = true});
}

void statfs(fuse_req_t request, fuse_ino_t /*inode*/) {
  struct statvfs reply = {};
  reply.f_bsize = reply.f_frsize = 4096;
  reply.f_files = served_by(request).tree.file_count();
  reply.f_namemax = name_size_max;
  reply.f_flag = ST_RDONLY | ST_NOSUID;
  fuse_reply_statfs(request, &reply);
}

}  // namespace

const fuse_lowlevel_ops& operations() {
  static const fuse_lowlevel_ops table = [] {
    fuse_lowlevel_ops ops = {};
    ops.init = init;
    ops.lookup = lookup;
    ops.getattr = getattr;
    ops.open = open;
    ops.opendir = open;
    ops.read = read;
    ops.readdir = readdir;
    ops.readdirplus = readdirplus;
    ops.statfs = statfs;
    return ops;
  }();
  return table;
}

}  // namespace leakfs::fuse
