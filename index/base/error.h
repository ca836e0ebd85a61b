// SPDX-License-Identifier: GPL-3.0-or-later
// What can fail (I/O, a full disk, a corrupt index) returns Result<T>. Damaged mail is no Error: it
// is data (a verdict, a Problem). What is merely absent is a std::optional.
#pragma once

#include <exception>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace leakfs {

// Exit status of the programs; see EXIT STATUS in mkleakfs(1).
enum class ExitStatus {
  done = 0,
  partial = 1,  // an index was written, but some of the input is not in it
  usage = 2,
  input = 3,       // unreadable, no archive, damaged beyond use, or no match for the index
  output = 4,      // the output or the mount point cannot be written or used
  internal = 5,    // out of memory, or a bug
  passphrase = 6,  // missing or wrong
};

// A failure, told to a person. `text` is what is wrong, outermost noun first, lower case, without a
// final full stop. `hint` is what to do about it, or empty.
struct Error {
  ExitStatus status = ExitStatus::internal;
  int number = 0;  // errno of the cause, or 0; what a FUSE request replies is EIO without one
  std::string text;
  std::string hint = {};

  // "text; hint"
  std::string message() const;
};

template <typename T>
using Result = std::expected<T, Error>;

// Errors by cause. `number` is the errno; its words are appended to `text`.
std::unexpected<Error> input_error(std::string text, std::string hint = {});
std::unexpected<Error> input_error(int number, std::string text, std::string hint = {});
std::unexpected<Error> output_error(std::string text, std::string hint = {});
std::unexpected<Error> output_error(int number, std::string text, std::string hint = {});
std::unexpected<Error> internal_error(std::string text);

// Tells the user on stderr ("PROGRAM: text" and, on a line of its own, the hint), safe for a
// terminal. The exit status of the program.
int report(std::string_view program, const Error& error);
// Of what no part of a program caught: it has run out of memory, or is wrong.
int report(std::string_view program, const std::exception& exception);

// The same error one layer out: "noun: text".
std::unexpected<Error> within(std::string_view noun, Error error);

namespace detail {
template <typename T>
T value_of(Result<T>&& result) {
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace detail

}  // namespace leakfs

// The value of a Result, or return its error from the function around. One per statement: nesting
// trips -Wshadow, on purpose.
#define TRY(...)                                                            \
  __extension__({                                                           \
    auto leakfs_try = (__VA_ARGS__);                                        \
    if (!leakfs_try) return std::unexpected(std::move(leakfs_try).error()); \
    ::leakfs::detail::value_of(std::move(leakfs_try));                      \
  })

// The same, adding `noun` to the error.
#define TRY_WITHIN(noun, ...)                                                      \
  __extension__({                                                                  \
    auto leakfs_try = (__VA_ARGS__);                                               \
    if (!leakfs_try) return ::leakfs::within(noun, std::move(leakfs_try).error()); \
    ::leakfs::detail::value_of(std::move(leakfs_try));                             \
  })
