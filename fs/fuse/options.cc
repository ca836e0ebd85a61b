// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/options.h"

#define FUSE_USE_VERSION 314
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include <fuse_opt.h>
#include <unistd.h>

namespace leakfs::fuse {
namespace {

enum Key : int {
  key_value,
  key_help,
  key_version,
  key_foreground,
  key_debug,
  key_noindex,
  key_noprefetch
};

constexpr fuse_opt known_options[] = {
    FUSE_OPT_KEY("index=", key_value),
    FUSE_OPT_KEY("archive=", key_value),
    FUSE_OPT_KEY("keys=", key_value),
    FUSE_OPT_KEY("passphrase_file=", key_value),
    FUSE_OPT_KEY("cache_size=", key_value),
    FUSE_OPT_KEY("max_read=", key_value),
    FUSE_OPT_KEY("uid=", key_value),
    FUSE_OPT_KEY("gid=", key_value),
    FUSE_OPT_KEY("umask=", key_value),
    FUSE_OPT_KEY("noindex", key_noindex),
    FUSE_OPT_KEY("noprefetch", key_noprefetch),
    FUSE_OPT_KEY("-h", key_help),
    FUSE_OPT_KEY("--help", key_help),
    FUSE_OPT_KEY("-V", key_version),
    FUSE_OPT_KEY("--version", key_version),
    FUSE_OPT_KEY("-f", key_foreground),
    FUSE_OPT_KEY("-d", key_debug),
    FUSE_OPT_END,
};

std::unexpected<Error> usage_error(std::string text) {
  return std::unexpected(Error{.status = ExitStatus::usage,
                               .text = std::move(text),
                               .hint = "leakfs --help shows how it is used"});
}

// A whole number in that base; binary suffixes where `has_suffix`.
std::optional<std::uint64_t> parse_number(std::string_view text, int base, bool has_suffix) {
  int shift = 0;
  if (has_suffix && !text.empty()) {
    const std::size_t unit = std::string_view("KMG").find(text.back());
    if (unit != std::string_view::npos) {
      shift = static_cast<int>(10 * (unit + 1));
      text.remove_suffix(1);
    }
  }
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number > UINT64_MAX >> shift) return std::nullopt;
  return number << shift;
}

// Collects options; `wrong` is the first that cannot be read.
struct Parsing {
  Options options;
  std::string wrong;
};

template <typename Number>
void set_number(Parsing& parsing, std::string_view option, Number& number, int base = 10) {
  const std::string_view value = option.substr(option.find('=') + 1);
  const auto parsed = parse_number(value, base, base == 10);
  if (parsed) {
    number = static_cast<Number>(*parsed);
  } else if (parsing.wrong.empty()) {
    parsing.wrong = option;
  }
}

void set_value(Parsing& parsing, std::string_view option) {
  Options& options = parsing.options;
  const std::string_view name = option.substr(0, option.find('='));
  const std::string value(option.substr(name.size() + 1));
  if (name == "index") options.index = value;
  if (name == "archive") options.archives.push_back(value);
  if (name == "keys") options.keys.push_back(value);
  if (name == "passphrase_file") options.passphrase_file = value;
  if (name == "cache_size") set_number(parsing, option, options.cache_size.emplace());
  if (name == "max_read") {
    set_number(parsing, option, options.read_size_max.emplace());
    // Less than a page the kernel takes for a page.
    options.read_size_max = std::max(*options.read_size_max, 4096U);
    options.mount_options.push_back("max_read=" + std::to_string(*options.read_size_max));
  }
  if (name == "uid") set_number(parsing, option, options.uid);
  if (name == "gid") set_number(parsing, option, options.gid);
  if (name == "umask") set_number(parsing, option, options.umask, 8);
}

int take_option(void* data, const char* argument, int key, fuse_args* /*rest*/) {
  constexpr int discard = 0;
  auto& parsing = *static_cast<Parsing*>(data);
  Options& options = parsing.options;
  switch (key) {
    case key_value:
      set_value(parsing, argument);
      return discard;
    case key_help:
      options.is_help = true;
      return discard;
    case key_version:
      options.is_version = true;
      return discard;
    case key_foreground:
      options.is_foreground = true;
      return discard;
    case key_debug:
      options.is_debug = options.is_foreground = true;
      return discard;
    case key_noindex:
      options.is_building_allowed = false;
      return discard;
    case key_noprefetch:
      options.is_prefetching = false;
      return discard;
    case FUSE_OPT_KEY_NONOPT:
      if (options.source.empty()) {
        options.source = argument;
      } else if (options.mountpoint.empty()) {
        options.mountpoint = argument;
      } else if (parsing.wrong.empty()) {
        parsing.wrong = argument;
      }
      return discard;
    default:
      if (argument[0] == '-') {
        if (parsing.wrong.empty()) parsing.wrong = argument;
      } else {
        options.mount_options.emplace_back(argument);
      }
      return discard;
  }
}

}  // namespace

Result<Options> parse_options(int argc, char** argv) {
  Parsing parsing;
  parsing.options.uid = getuid();
  parsing.options.gid = getgid();
  fuse_args arguments = FUSE_ARGS_INIT(argc, argv);
  const int parsed = fuse_opt_parse(&arguments, &parsing, known_options, take_option);
  fuse_opt_free_args(&arguments);
  if (parsed != 0) return usage_error("the options cannot be read");
  Options& options = parsing.options;
  if (options.is_help || options.is_version) return options;
  if (!parsing.wrong.empty()) return usage_error(parsing.wrong + ": is not understood");
  if (options.mountpoint.empty()) return usage_error("ARCHIVE or INDEX and MOUNTPOINT are needed");
  return options;
}

const char* help_text() {
  return R"(usage: leakfs [OPTION]... ARCHIVE|INDEX MOUNTPOINT
Mounts the mail of an archive as folders by date, sender and verification status.

  -o index=FILE            the index of ARCHIVE, where it is not beside it
  -o archive=FILE          the archive of INDEX; may be given several times
  -o keys=FILE             public keys, if the index is still to be built; may be given several times
  -o passphrase_file=FILE  for an encrypted archive
  -o noindex               do not build an index that is not there
  -o noprefetch            do not read small files ahead of whoever reads a folder
  -o cache_size=BYTES      memory for decoded content (default 64M)
  -o max_read=BYTES        what the kernel may ask for at once
  -o uid=N,gid=N           owner of all files (default: you)
  -o umask=M               permissions to take away, octal
  -o allow_other           let other users look into it
  -f                       stay in the foreground
  -d                       the same, with every request on stderr
  -h, --help               show this
  -V, --version            show the version

Unmount with: fusermount3 -u MOUNTPOINT
)";
}

}  // namespace leakfs::fuse
