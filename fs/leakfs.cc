// SPDX-License-Identifier: GPL-3.0-or-later
// leakfs(1): find or build the index, then mount it. What can fail does so before the shell gets
// its prompt back:
//
//   parent                       child
//   build the index if needed, by a child that is confined for that
//   fork ----------------------> open index and archive, mount, confine itself
//   wait <---------------------- ready, or exit status
//   exit                         serve
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fs/content/content.h"
#include "fs/content/inputs.h"
#include "fs/fuse/dead_mount.h"
#include "fs/fuse/log.h"
#include "fs/fuse/options.h"
#include "fs/fuse/session.h"
#include "fs/tree/tree.h"
#include "index/base/file.h"
#include "index/base/utf8.h"
#include "index/build/build.h"
#include "index/build/location.h"
#include "index/build/passphrase.h"
#include "index/build/progress.h"
#include "index/sandbox/sandbox.h"
#include "index/store/snapshot.h"

namespace leakfs {
namespace {

constexpr const char* program = "leakfs";

// What is to be mounted.
struct Target {
  std::string index;
  std::vector<std::string> archives;  // as far as the user named them
};

// What it takes to serve; the rest is given up.
void confine() {
  const sandbox::Protection protection =
      sandbox::confine({.starts_threads = true, .serves_fuse = true});
  if (!protection.is_full()) fuse::log("not fully confined: " + protection.text());
}

Result<build::Outcome> build_confined(const build::BuildOptions& options,
                                      build::ProgressListener& progress) {
  build::Build build = TRY(build::Build::open(options, progress));
  sandbox::confine(build.needs());
  return build.run(progress);
}

// In a process of its own, which gives up its rights for good.
int build_index(const build::BuildOptions& options) {
  build::ProgressReporter progress(program, build::style_for_terminal());
  const Result<build::Outcome> outcome = build_confined(options, progress);
  progress.finish();
  if (!outcome) return report(program, outcome.error());
  std::fprintf(stderr, "leakfs: %s: %s\n", one_line(options.output).c_str(),
               build::summary_of(*outcome).c_str());
  return 0;
}

// Waits for a child; its exit status.
int status_of(pid_t child) {
  int ended = 0;
  while (::waitpid(child, &ended, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(ended) ? WEXITSTATUS(ended) : static_cast<int>(ExitStatus::internal);
}

Result<std::optional<std::string>> passphrase_of(const fuse::Options& options) {
  if (options.passphrase_file.empty()) return std::nullopt;
  return TRY(build::read_passphrase(options.passphrase_file));
}

Result<build::BuildOptions> build_options_of(const fuse::Options& options) {
  build::BuildOptions build;
  build.inputs = {options.source};
  build.output = options.index;
  if (build.output.empty()) build.output = TRY(build::new_index_of(options.source));
  build.keys.paths = options.keys;
  build.jobs = std::max(1U, std::thread::hardware_concurrency());
  build.passphrase = TRY(passphrase_of(options));
  return build;
}

// The exit status of the build, which said why if it failed.
int build_in_child(const build::BuildOptions& options) {
  const pid_t child = ::fork();
  if (child < 0) return report(program, internal_error("no process").error());
  return child == 0 ? std::exit(build_index(options)), 0 : status_of(child);
}

// Without an index where that has still to be built.
Result<Target> find_target(const fuse::Options& options) {
  if (TRY(store::is_index(options.source))) {
    return Target{.index = options.source, .archives = options.archives};
  }
  Target target{.index = options.index, .archives = {options.source}};
  if (target.index.empty()) {
    target.index = TRY(build::existing_index_of(options.source)).value_or("");
  } else if (::access(target.index.c_str(), F_OK) != 0) {
    target.index.clear();
  }
  if (!target.index.empty()) return target;
  if (!options.is_building_allowed) {
    return input_error(options.source + ": has no index", "build it with mkleakfs");
  }
  return target;
}

Result<void> mount(const Target& target, const fuse::Options& options,
                   const std::function<void()>& on_ready) {
  const store::Snapshot index = TRY(store::Snapshot::open(target.index));
  const std::optional<std::string> passphrase = TRY(passphrase_of(options));
  content::Inputs inputs =
      TRY(content::open_inputs(index, target.index, target.archives, passphrase));
  for (const std::string& missing : inputs.missing) {
    fuse::log(missing + ": is not here; texts and catalog work, eml/ and archive/ need it");
  }
  if (index.index().is_partial()) {
    fuse::log(options.mountpoint + "/ERRORS.txt says what of the archive could not be read");
  }
  content::Content content(index, std::move(inputs.source),
                           options.cache_size.value_or(content::cache_size_default));
  const tree::Tree tree(index, content);
  return fuse::serve(tree, options, on_ready);
}

int serve_in_foreground(const Target& target, const fuse::Options& options) {
  const Result<void> served = mount(target, options, confine);
  return served ? 0 : report(program, served.error());
}

// Lets go of the terminal and of all rights, and tells the parent.
void detach(int ready) {
  fuse::log_to_syslog();
  if (::chdir("/") != 0) fuse::log("no root directory");
  const int null = ::open("/dev/null", O_RDWR);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    ::dup2(null, descriptor);
  }
  if (null > STDERR_FILENO) ::close(null);
  confine();
  const char status = 0;
  if (::write(ready, &status, 1) != 1) fuse::log("the waiting process is gone");
  ::close(ready);
}

int serve_in_background(const Target& target, const fuse::Options& options) {
  int ready[2];
  if (::pipe2(ready, O_CLOEXEC) != 0) return report(program, internal_error("no pipe").error());
  const pid_t child = ::fork();
  if (child < 0) return report(program, internal_error("no process").error());
  if (child == 0) {
    ::close(ready[0]);
    ::setsid();
    const Result<void> served = mount(target, options, [&ready] { detach(ready[1]); });
    return served ? 0 : report(program, served.error());
  }
  ::close(ready[1]);
  char status = 0;
  if (::read(ready[0], &status, 1) == 1) return status;
  return status_of(child);
}

// What lies in the directory, or is mounted on it already, would be hidden.
Result<void> check_mountpoint(const std::string& mountpoint) {
  TRY(fuse::detach_dead_mount(mountpoint));
  std::error_code code;
  const bool is_empty = std::filesystem::is_empty(mountpoint, code);
  if (code) return output_error(code.value(), mountpoint, "give an empty directory");
  if (!std::filesystem::is_directory(mountpoint, code)) {
    return output_error(mountpoint + ": is no directory", "give an empty directory");
  }
  if (!is_empty) {
    return output_error(mountpoint + ": is not empty",
                        "give an empty directory; if something is mounted there, unmount it first");
  }
  return {};
}

int run(int argc, char** argv) {
  Result<fuse::Options> options = fuse::parse_options(argc, argv);
  if (!options) return report(program, options.error());
  if (options->is_help) {
    std::fputs(fuse::help_text(), stdout);
    return 0;
  }
  if (options->is_version) {
    std::printf("leakfs %s\n%s\n", LEAKFS_VERSION, sandbox::available().text().c_str());
    return 0;
  }
  // Before anything that takes long.
  if (const Result<void> usable = check_mountpoint(options->mountpoint); !usable) {
    return report(program, usable.error());
  }
  Result<Target> target = find_target(*options);
  if (!target) return report(program, target.error());
  if (target->index.empty()) {
    const Result<build::BuildOptions> build = build_options_of(*options);
    if (!build) return report(program, build.error());
    if (const int status = build_in_child(*build); status != 0) return status;
    target->index = build->output;
  }
  options->mount_options.push_back("fsname=" + file_name_of(options->source));
  return options->is_foreground ? serve_in_foreground(*target, *options)
                                : serve_in_background(*target, *options);
}

}  // namespace
}  // namespace leakfs

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  try {
    return leakfs::run(argc, argv);
  } catch (const std::exception& exception) {
    return leakfs::report(leakfs::program, exception);
  }
}
