// SPDX-License-Identifier: GPL-3.0-or-later
// mkleakfs(1): build an index, or check one.
#include <algorithm>
#include <clocale>
#include <cstdio>
#include <exception>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

#include "index/base/utf8.h"
#include "index/build/build.h"
#include "index/build/location.h"
#include "index/build/passphrase.h"
#include "index/build/progress.h"
#include "index/build/reverify.h"
#include "index/sandbox/sandbox.h"
#include "index/store/snapshot.h"

namespace leakfs {
namespace {

constexpr const char* program = "mkleakfs";
constexpr unsigned jobs_max = 256;

struct Arguments {
  std::vector<std::string> archives;
  std::string output;
  std::vector<std::string> keys;
  bool has_no_shipped_keys = false;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  bool is_forced = false;
  std::string content = "auto";
  std::string passphrase_file;
  std::string progress = "auto";
  std::string checked;
  std::string reverified;
};

build::ProgressReporter::Style style_of(const std::string& when) {
  using Style = build::ProgressReporter::Style;
  if (when == "always") return Style::bar;
  if (when == "json") return Style::json;
  return when == "never" ? Style::none : build::style_for_terminal();
}

// Where message bytes are to be served from.
archive::CopyPolicy copy_policy_of(const std::string& where) {
  if (where == "archive") return archive::CopyPolicy::none;
  return where == "index" ? archive::CopyPolicy::all : archive::CopyPolicy::distant;
}

build::KeyFiles key_files(const Arguments& arguments) {
  return {.paths = arguments.keys, .has_shipped = !arguments.has_no_shipped_keys};
}

// Before anything is read that may be hostile.
void give_up_rights(const sandbox::Needs& needs) {
  const sandbox::Protection protection = sandbox::confine(needs);
  if (protection.is_full()) return;
  std::fprintf(stderr, "%s: not fully confined: %s\n", program, protection.text().c_str());
}

int tell(const std::string& index, const build::Outcome& outcome) {
  std::fprintf(stderr, "%s: %s: %s\n", program, one_line(index).c_str(),
               build::summary_of(outcome).c_str());
  if (!outcome.is_partial) return static_cast<int>(ExitStatus::done);
  std::fprintf(stderr,
               "%s: some of the input could not be read; ERRORS.txt and catalog/problems.csv in "
               "the tree say what\n",
               program);
  return static_cast<int>(ExitStatus::partial);
}

Result<int> build(const Arguments& arguments) {
  build::BuildOptions options;
  options.inputs = arguments.archives;
  options.output = arguments.output;
  options.keys = key_files(arguments);
  options.jobs = arguments.jobs;
  options.replace = arguments.is_forced;
  options.copy = copy_policy_of(arguments.content);
  if (options.output.empty()) options.output = TRY(build::new_index_of(options.inputs.front()));
  if (!arguments.passphrase_file.empty()) {
    options.passphrase = TRY(build::read_passphrase(arguments.passphrase_file));
  }
  build::ProgressReporter progress(program, style_of(arguments.progress));
  build::Build build = TRY(build::Build::open(options, progress));
  give_up_rights(build.needs());
  const Result<build::Outcome> outcome = build.run(progress);
  progress.finish();
  if (!outcome) return std::unexpected(outcome.error());
  return tell(options.output, *outcome);
}

Result<int> reverify(const Arguments& arguments) {
  build::ProgressReporter progress(program, build::ProgressReporter::Style::none);
  build::Reverification reverification = TRY(build::Reverification::open(
      arguments.reverified, key_files(arguments), arguments.jobs, progress));
  give_up_rights(reverification.needs());
  const build::Outcome outcome = TRY(reverification.run());
  return tell(arguments.reverified, outcome);
}

Result<int> check(const std::string& path) {
  const store::Snapshot index = TRY(store::Snapshot::open(path));
  give_up_rights({});
  TRY_WITHIN(path, index.check());
  std::fprintf(stderr, "%s: %s: whole\n", program, one_line(path).c_str());
  return 0;
}

// What is asked for, which is one thing.
Result<int> work(Arguments& arguments) {
  // --reverify INDEX --keys FILE FILE: no archive is read then.
  if (!arguments.reverified.empty() && !arguments.keys.empty()) {
    std::ranges::move(arguments.archives, std::back_inserter(arguments.keys));
    arguments.archives.clear();
  }
  const int tasks = (arguments.archives.empty() ? 0 : 1) + (arguments.checked.empty() ? 0 : 1) +
                    (arguments.reverified.empty() ? 0 : 1);
  if (tasks != 1) {
    return std::unexpected(Error{.status = ExitStatus::usage,
                                 .text = "ARCHIVE, --check INDEX or --reverify INDEX is needed",
                                 .hint = "mkleakfs --help shows how it is used"});
  }
  if (!arguments.checked.empty()) return check(arguments.checked);
  return arguments.reverified.empty() ? build(arguments) : reverify(arguments);
}

int run(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Builds the index of leaked mail that leakfs(1) mounts.", program);
  app.add_option("ARCHIVE", arguments.archives, "archives, mboxes, mails or directories");
  app.add_option("-o,--output", arguments.output, "index to write")->type_name("FILE");
  app.add_option("-k,--keys", arguments.keys,
                 "public keys to verify with, besides the shipped ones; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_flag("--no-shipped-keys", arguments.has_no_shipped_keys,
               "verify with the keys of --keys only");
  app.add_option("-j,--jobs", arguments.jobs, "parsers (default: all processors)")
      ->type_name("N")
      ->check(CLI::Range(1U, jobs_max));
  app.add_flag("-f,--force", arguments.is_forced, "replace an index that is there");
  app.add_option("--content", arguments.content,
                 "where message bytes are served from: auto, archive or index")
      ->type_name("WHERE")
      ->check(CLI::IsMember({"auto", "archive", "index"}));
  app.add_option("--passphrase-file", arguments.passphrase_file, "for encrypted archives")
      ->type_name("FILE");
  app.add_option("--progress", arguments.progress, "auto, always, never or json")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never", "json"}));
  app.add_option("--check", arguments.checked, "verify every page, record and frame of an index")
      ->type_name("INDEX");
  app.add_option("--reverify", arguments.reverified,
                 "judge the signatures of an index again, without the archive")
      ->type_name("INDEX");
  app.set_version_flag("--version", "mkleakfs " LEAKFS_VERSION "\n" + sandbox::available().text());
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitStatus::usage);
  }
  const Result<int> status = work(arguments);
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
