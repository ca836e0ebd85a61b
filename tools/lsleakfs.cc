// SPDX-License-Identifier: GPL-3.0-or-later
// lsleakfs(1): the tree without a mount.
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <exception>
#include <string>

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

struct Arguments {
  std::string index;
  std::string path;
  std::vector<std::string> archives;
  std::string passphrase_file;
  bool is_long = false;
  bool is_cat = false;
};

Result<void> print(Bytes bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) return {};
  return output_error(errno, "standard output");
}

Result<void> print_entry(const tree::DirectoryEntry& entry, bool is_long) {
  const tree::Attributes& attributes = entry.attributes;
  std::string line;
  if (is_long) {
    line = fmt::format("{} {:>4} {:>12} {} ", attributes.is_directory ? "dr-xr-xr-x" : "-r--r--r--",
                       attributes.links, attributes.size, format_iso(attributes.mtime));
  }
  // Names of the tree hold nothing that could drive a terminal.
  line += entry.name;
  line += '\n';
  return print(line);
}

Result<void> list(const tree::Tree& tree, const tree::DirectoryEntry& place, bool is_long) {
  if (!place.attributes.is_directory) return print_entry(place, is_long);
  Result<void> printed;
  TRY(tree.list(place.node, 0, [&](const tree::DirectoryEntry& entry, std::uint64_t) {
    printed = print_entry(entry, is_long);
    return printed.has_value();
  }));
  TRY(tree.check_readable());
  return printed;
}

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

Result<void> show(const Arguments& arguments) {
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
  const std::optional<tree::DirectoryEntry> place = TRY(tree.find(arguments.path));
  if (!place) {
    return input_error(arguments.path + ": is not in the tree", "leave it out to see the root");
  }
  if (!arguments.is_cat) return list(tree, *place, arguments.is_long);
  if (place->attributes.is_directory) {
    return input_error(arguments.path + ": is a folder", "leave --cat out to list it");
  }
  return TRY_WITHIN(arguments.path, cat(tree, *place)), Result<void>();
}

int run(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Shows the tree that leakfs(1) mounts, without mounting it.", program);
  app.add_option("INDEX", arguments.index, "index that mkleakfs built")->required();
  app.add_option("PATH", arguments.path, "place in the tree (default: its root)");
  app.add_flag("-l,--long", arguments.is_long, "with links, size and date");
  app.add_flag("--cat", arguments.is_cat, "print the file PATH");
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
  Result<void> shown = show(arguments);
  if (shown && std::fflush(stdout) != 0) shown = output_error(errno, "standard output");
  return shown ? 0 : report(program, shown.error());
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
