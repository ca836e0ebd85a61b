// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "index/base/utf8.h"

namespace leakfs::build {
namespace {

constexpr std::chrono::milliseconds interval{200};

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t mebi = 1 << 20;
  if (bytes < 1024 * mebi) return fmt::format("{} MiB", bytes / mebi);
  return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / (1024.0 * mebi));
}

std::string time_text(double seconds) {
  const auto whole = std::lround(seconds);
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

int terminal_columns() {
  winsize size = {};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

double share_of(const Progress& progress) {
  if (progress.bytes_total == 0) return 0;
  return std::min(1.0,
                  static_cast<double>(progress.bytes) / static_cast<double>(progress.bytes_total));
}

// "65,838"
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

}  // namespace

void ProgressReporter::update(const Progress& progress) {
  const Clock::time_point now = Clock::now();
  if (style_ == Style::none || (now - drawn_ < interval && !progress.is_finishing)) return;
  drawn_ = now;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  if (style_ == Style::bar) draw_bar(progress, seconds);
  if (style_ == Style::json) draw_json(progress, seconds);
}

void ProgressReporter::draw_bar(const Progress& progress, double seconds) {
  const double share = share_of(progress);
  const double rate = seconds > 0 ? static_cast<double>(progress.messages) / seconds : 0;
  std::string state = "writing tables";
  if (!progress.is_finishing) {
    const double left = share > 0 ? seconds / share - seconds : 0;
    state = share > 0 ? "ETA " + time_text(left) : "";
  }
  const std::string text = fmt::format(
      " {:3.0f}%  {} of {}  {} messages, {:.0f}/s  {}", share * 100, size_text(progress.bytes),
      size_text(progress.bytes_total), grouped(progress.messages), rate, state);
  const int room = terminal_columns() - static_cast<int>(text.size()) - 3;
  std::string bar;
  if (room >= 10) {
    const int width = std::min(room, 40);
    const int done = static_cast<int>(share * width);
    bar = "[" + std::string(static_cast<std::size_t>(done), '#') +
          std::string(static_cast<std::size_t>(width - done), ' ') + "]";
  }
  fmt::print(stderr, "\r{}{}\x1b[K", bar, text);
  std::fflush(stderr);
  is_bar_shown_ = true;
}

void ProgressReporter::draw_json(const Progress& progress, double seconds) {
  fmt::print(stderr,
             "{{\"bytes\":{},\"bytes_total\":{},\"messages\":{},\"seconds\":{:.1f},"
             "\"finishing\":{}}}\n",
             progress.bytes, progress.bytes_total, progress.messages, seconds,
             progress.is_finishing);
}

void ProgressReporter::warn(const std::string& text) {
  clear_bar();
  fmt::print(stderr, "{}: {}\n", program_, one_line(text));
}

void ProgressReporter::clear_bar() {
  if (is_bar_shown_) fmt::print(stderr, "\r\x1b[K");
  is_bar_shown_ = false;
}

void ProgressReporter::finish() { clear_bar(); }

ProgressReporter::Style style_for_terminal() {
  return ::isatty(STDERR_FILENO) == 1 ? ProgressReporter::Style::bar
                                      : ProgressReporter::Style::none;
}

std::string summary_of(const Outcome& outcome) {
  const Counts& counts = outcome.counts;
  return fmt::format("{} messages from {} senders, {} attachments; {} verified, {} unverified",
                     grouped(counts.messages), grouped(counts.senders), grouped(counts.attachments),
                     grouped(counts.verified), grouped(counts.messages - counts.verified));
}

}  // namespace leakfs::build
