// SPDX-License-Identifier: GPL-3.0-or-later
// Shows on stderr how far a build is: a bar on a terminal, or lines of JSON for a program.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "index/build/build.h"

namespace leakfs::build {

class ProgressReporter final : public ProgressListener {
 public:
  enum class Style : std::uint8_t { none, bar, json };

  // `program` starts each warning.
  ProgressReporter(std::string_view program, Style style) : program_(program), style_(style) {}

  void update(const Progress& progress) override;
  void warn(const std::string& text) override;
  // Takes the bar away.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  void draw_bar(const Progress& progress, double seconds);
  void draw_json(const Progress& progress, double seconds);
  void clear_bar();

  std::string program_;
  Style style_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point drawn_;
  bool is_bar_shown_ = false;
};

// A bar where stderr is a terminal.
ProgressReporter::Style style_for_terminal();

// What a build found, for a person: "65,838 messages, ...".
std::string summary_of(const Outcome& outcome);

}  // namespace leakfs::build
