// SPDX-License-Identifier: GPL-3.0-or-later
// lsleakfs(1): the tree without a mount.
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "fs/content/content.h"
#include "fs/content/inputs.h"
#include "fs/tree/tree.h"
#include "index/base/civil_time.h"
#include "index/base/utf8.h"
#include "index/build/passphrase.h"
#include "index/sandbox/sandbox.h"
#include "index/store/snapshot.h"

namespace leakfs {
namespace {

constexpr const char* program = "lsleakfs";
constexpr std::size_t read_size = 1 << 20;
// Folders within one another: more than an index of mkleakfs has, of archives four deep in which
// paths have 128 names each; a forged one may have millions.
constexpr unsigned depth_max = 1024;

struct Arguments {
  std::string index;
  std::vector<std::string> paths;
  std::vector<std::string> archives;
  std::string passphrase_file;
  bool is_long = false;
  bool is_recursive = false;
  bool is_cat = false;
};

Result<void> print(Bytes bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) return {};
  return output_error(errno, "standard output");
}

// Prints what is in folders, or below them.
class Lister {
 public:
  Lister(const tree::Tree& tree, const Arguments& arguments) : tree_(tree), arguments_(arguments) {}

  Result<void> list(const tree::DirectoryEntry& place) const {
    if (!place.attributes.is_directory) return print_entry("", place);
    return list_folder("", place, 0);
  }

 private:
  // `prefix` is the path of the folder below the place that is listed, with its slash.
  Result<void> list_folder(const std::string& prefix, const tree::DirectoryEntry& folder,
                           unsigned depth) const {
    if (depth > depth_max) {
      return input_error("folders are nested too deep",
                         "build the index again with mkleakfs --force");
    }
    Result<void> printed;
    std::vector<tree::DirectoryEntry> subfolders;
    TRY(tree_.list(folder.node, 0, [&](const tree::DirectoryEntry& entry, std::uint64_t) {
      printed = print_entry(prefix, entry);
      if (arguments_.is_recursive && entry.attributes.is_directory) subfolders.push_back(entry);
      return printed.has_value();
    }));
    TRY(tree_.check_readable());
    TRY(std::move(printed));
    for (const tree::DirectoryEntry& subfolder : subfolders) {
      TRY(list_folder(prefix + subfolder.name + '/', subfolder, depth + 1));
    }
    return {};
  }

  Result<void> print_entry(const std::string& prefix, const tree::DirectoryEntry& entry) const {
    const tree::Attributes& attributes = entry.attributes;
    std::string line;
    if (arguments_.is_long) {
      line =
          fmt::format("{} {:>4} {:>12} {} ", attributes.is_directory ? "dr-xr-xr-x" : "-r--r--r--",
                      attributes.links, attributes.size, format_iso(attributes.mtime));
    }
    // Names of the tree hold nothing that could drive a terminal.
    line += prefix;
    line += entry.name;
    line += '\n';
    return print(line);
  }

  const tree::Tree& tree_;
  const Arguments& arguments_;
};

Result<void> cat(const tree::Tree& tree, const tree::DirectoryEntry& file) {
  std::uint64_t offset = 0;
  while (offset < file.attributes.size) {
    const ByteString bytes = TRY(tree.read(file.node, {.offset = offset, .length = read_size}));
    TRY(tree.check_readable());
    if (bytes.empty()) return input_error("ends before its size");
    TRY(print(bytes));
    offset += bytes.size();
  }
  return {};
}

Result<void> show_path(const tree::Tree& tree, const Arguments& arguments,
                       const std::string& path) {
  const std::optional<tree::DirectoryEntry> place = TRY(tree.find(path));
  if (!place) return input_error(path + ": is not in the tree", "leave it out to see the root");
  if (!arguments.is_cat) return Lister(tree, arguments).list(*place);
  if (place->attributes.is_directory) {
    return input_error(path + ": is a folder", "leave --cat out to list it");
  }
  return TRY_WITHIN(path, cat(tree, *place)), Result<void>();
}

// Reports what cannot be shown and goes on; the status of the last such error.
Result<int> show(const Arguments& arguments) {
  const store::Snapshot index = TRY(store::Snapshot::open(arguments.index));
  std::optional<std::string> passphrase;
  if (!arguments.passphrase_file.empty()) {
    passphrase = TRY(build::read_passphrase(arguments.passphrase_file));
  }
  content::Inputs inputs =
      TRY(content::open_inputs(index, arguments.index, arguments.archives, passphrase));
  sandbox::confine({.starts_threads = true});
  content::Content content(index, std::move(inputs.source), content::cache_size_default);
  const tree::Tree tree(index, content);
  int status = 0;
  for (const std::string& path : arguments.paths) {
    const Result<void> shown = show_path(tree, arguments, path);
    if (!shown && shown.error().status == ExitStatus::output) return std::unexpected(shown.error());
    if (!shown) status = report(program, shown.error());
  }
  return status;
}

int run(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Shows the tree that leakfs(1) mounts, without mounting it.", program);
  app.add_option("INDEX", arguments.index, "index that mkleakfs built")->required();
  app.add_option("PATH", arguments.paths, "places in the tree (default: its root)");
  app.add_flag("-l,--long", arguments.is_long, "with links, size and date");
  app.add_flag("-R,--recursive", arguments.is_recursive, "all below PATH");
  app.add_flag("--cat", arguments.is_cat, "print the files PATH");
  app.add_option("--archive", arguments.archives, "the archive of INDEX, repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("--passphrase-file", arguments.passphrase_file, "for encrypted archives")
      ->type_name("FILE");
  app.set_version_flag("--version", "lsleakfs " LEAKFS_VERSION "\n" + sandbox::available().text());
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitStatus::usage);
  }
  if (arguments.paths.empty()) arguments.paths.emplace_back();
  Result<int> status = show(arguments);
  if (status && std::fflush(stdout) != 0) status = output_error(errno, "standard output");
  return status ? *status : report(program, status.error());
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
