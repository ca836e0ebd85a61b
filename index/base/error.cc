// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/base/error.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <system_error>

#include "index/base/utf8.h"

namespace leakfs {
namespace {

std::unexpected<Error> make(ExitStatus status, int number, std::string text, std::string hint) {
  if (number != 0) {
    char words[128];
    text += ": ";
    text += strerror_r(number, words, sizeof words);
  }
  if (number == ENOSPC && hint.empty()) hint = "free some space or choose another place";
  return std::unexpected(Error{status, number, std::move(text), std::move(hint)});
}

}  // namespace

std::string Error::message() const { return hint.empty() ? text : text + "; " + hint; }

std::unexpected<Error> input_error(std::string text, std::string hint) {
  return make(ExitStatus::input, 0, std::move(text), std::move(hint));
}

std::unexpected<Error> input_error(int number, std::string text, std::string hint) {
  return make(ExitStatus::input, number, std::move(text), std::move(hint));
}

std::unexpected<Error> output_error(std::string text, std::string hint) {
  return make(ExitStatus::output, 0, std::move(text), std::move(hint));
}

std::unexpected<Error> output_error(int number, std::string text, std::string hint) {
  return make(ExitStatus::output, number, std::move(text), std::move(hint));
}

std::unexpected<Error> internal_error(std::string text) {
  return make(ExitStatus::internal, 0, std::move(text), "this is a bug in leakfs");
}

int report(std::string_view program, const Error& error) {
  std::string lines = std::string(program) + ": " + one_line(error.text) + "\n";
  if (!error.hint.empty()) lines += std::string(program) + ": " + one_line(error.hint) + "\n";
  std::fputs(lines.c_str(), stderr);
  return static_cast<int>(error.status);
}

int report(std::string_view program, const std::exception& exception) {
  if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr) {
    return report(
        program,
        {.status = ExitStatus::internal, .text = "there is not enough memory", .hint = {}});
  }
  if (dynamic_cast<const std::system_error*>(&exception) != nullptr) {
    return report(program, {.status = ExitStatus::internal,
                            .text = std::string("no thread can be started: ") + exception.what(),
                            .hint = "end other programs, or raise the limit of ulimit -u"});
  }
  return report(program, internal_error(exception.what()).error());
}

std::unexpected<Error> within(std::string_view noun, Error error) {
  error.text.insert(0, ": ").insert(0, noun);
  return std::unexpected(std::move(error));
}

}  // namespace leakfs
