// SPDX-License-Identifier: GPL-3.0-or-later
// mkleaksample writes a synthetic leak with a known truth.
#include <clocale>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tools/sample/leak.h"

namespace {

using leakfs::ExitStatus;

int status_of(ExitStatus status) { return static_cast<int>(status); }

int run(int argc, char** argv) {
  leakfs::sample::Request request;
  std::string preset = "macron2017";
  double scale = 1;
  std::uint64_t attachment_bytes = 0;

  CLI::App app("Writes a synthetic mail leak, OUTPUT.truth.csv and OUTPUT.keys.", "mkleaksample");
  app.set_version_flag("-V,--version", "mkleaksample " LEAKFS_VERSION);
  app.add_option("OUTPUT", request.output,
                 "archive to write: .zip .tar .tar.gz .tar.bz2 .tar.xz .tar.zst .7z .mbox")
      ->required();
  app.add_option("--preset", preset, "shape of the leak")
      ->check(CLI::IsMember({"macron2017"}))
      ->capture_default_str();
  app.add_option("--scale", scale, "share of its messages, above 0 and at most 1")
      ->check(CLI::Validator(
          [](std::string& text) {
            double value = 0;
            const bool is_good = CLI::detail::lexical_cast(text, value) && value > 0 && value <= 1;
            return is_good ? std::string() : "must be above 0 and at most 1";
          },
          "F"))
      ->capture_default_str();
  CLI::Option* size = app.add_option("--attachment-bytes", attachment_bytes,
                                     "size of all attachments together, as 200M or 2G")
                          ->transform(CLI::AsSizeValue(false));
  app.add_option("--seed", request.seed, "another seed gives another leak of the same shape")
      ->capture_default_str();
  app.add_flag("-f,--force", request.is_forced, "replace files that are there");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? status_of(ExitStatus::done) : status_of(ExitStatus::usage);
  }

  request.quota = leakfs::sample::scaled(leakfs::sample::macron2017(), scale);
  if (*size) request.attachment_bytes = attachment_bytes;
  request.jobs = std::thread::hardware_concurrency();
  const auto summary = leakfs::sample::write_leak(request);
  if (!summary) {
    fmt::print(stderr, "mkleaksample: {}\n", summary.error().message());
    return status_of(summary.error().status);
  }
  fmt::print(stderr, "mkleaksample: {}: {} messages in {} places, {} attachments, {} MiB\n",
             request.output, summary->messages, summary->places, summary->attachments,
             summary->bytes >> 20);
  return status_of(ExitStatus::done);
}

}  // namespace

int main(int argc, char** argv) {
  // libarchive writes the names of members in the charset of the locale.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  try {
    return run(argc, argv);
  } catch (const std::exception& exception) {
    fmt::print(stderr, "mkleaksample: {}\n", exception.what());
    return status_of(ExitStatus::internal);
  }
}
