// SPDX-License-Identifier: GPL-3.0-or-later
// A directory as an input: its files in the order of their names, without following links. Their
// content is copied, for nothing keeps others from changing it.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "index/archive/handle.h"
#include "index/archive/walk_context.h"
#include "index/base/file.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t block_size = 256 << 10;
constexpr int depth_max = 200;  // directories within one another

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

class DirectoryWalk {
 public:
  explicit DirectoryWalk(WalkContext& context) : context_(context), buffer_(block_size, '\0') {}

  Result<void> run() {
    File root(::open(context_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root.is_open()) return input_error(errno, context_.path());
    return walk_directory(std::move(root), context_.name(), 0);
  }

 private:
  Result<void> walk_directory(File directory, const ByteString& path, int depth) {
    if (depth == depth_max) {
      context_.loss(path, 0, "depth", "more than 200 directories within one another");
      return {};
    }
    std::vector<ByteString> names = list(directory.descriptor(), path);
    std::ranges::sort(names);
    for (const ByteString& name : names) {
      ByteString below = path;
      below.append("/").append(name);
      TRY(walk_entry(directory.descriptor(), name, below, depth));
    }
    return {};
  }

  std::vector<ByteString> list(int descriptor, const ByteString& path) {
    std::vector<ByteString> names;
    const std::unique_ptr<DIR, CloseDirectory> stream(fdopendir(dup(descriptor)));
    if (!stream) {
      context_.loss(path, 0, "unreadable", std::strerror(errno));
      return names;
    }
    while (const dirent* entry = readdir(stream.get())) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    return names;
  }

  Result<void> walk_entry(int directory, const ByteString& name, const ByteString& path,
                          int depth) {
    struct stat status = {};
    if (fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      context_.loss(path, 0, "unreadable", std::strerror(errno));
      return {};
    }
    Member member{.path = path, .mtime = status.st_mtim.tv_sec};
    if (S_ISLNK(status.st_mode)) {
      member.kind = MemberKind::link;
      member.link_target.resize(static_cast<std::size_t>(std::max<off_t>(status.st_size, 1)));
      const ssize_t length =
          readlinkat(directory, name.c_str(), member.link_target.data(), member.link_target.size());
      member.link_target.resize(static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    } else if (S_ISDIR(status.st_mode)) {
      member.kind = MemberKind::directory;
    } else if (!S_ISREG(status.st_mode)) {
      member.kind = MemberKind::special;
    }
    if (member.kind != MemberKind::file && member.kind != MemberKind::directory) {
      TRY(context_.begin_member(member));
      return context_.end_member(true);
    }
    const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    File file(openat(directory, name.c_str(), flags));
    if (!file.is_open()) context_.loss(path, 0, "unreadable", std::strerror(errno));
    TRY(context_.begin_member(member));
    if (member.kind == MemberKind::file) {
      return context_.end_member(file.is_open() && TRY(copy(file, path)));
    }
    TRY(context_.end_member(file.is_open()));
    return file.is_open() ? walk_directory(std::move(file), path, depth + 1) : Result<void>();
  }

  // False if its end was not reached.
  Result<bool> copy(const File& file, const ByteString& path) {
    std::uint64_t offset = 0;
    while (true) {
      const Result<std::size_t> length = file.read_some(offset, buffer_.data(), buffer_.size());
      if (!length) {
        context_.loss(path, offset, "unreadable", length.error().text);
        return false;
      }
      if (*length == 0) return true;
      TRY(context_.loose_data(Bytes(buffer_).substr(0, *length)));
      offset += *length;
      read_ += *length;
      context_.count_input(*length);
      context_.progress(read_);
    }
  }

  WalkContext& context_;
  ByteString buffer_;
  std::uint64_t read_ = 0;
};

}  // namespace

Result<void> walk_directory(WalkContext& context) { return DirectoryWalk(context).run(); }

}  // namespace leakfs::archive
