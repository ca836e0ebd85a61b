// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/authentication_results.h"

#include <algorithm>

#include "index/base/utf8.h"
#include "index/dkim/signature.h"
#include "index/dkim/tag_list.h"

namespace leakfs::dkim {
namespace {

// Without comments and line ends; the content of quoted strings becomes "x", for none of what is
// looked for may be quoted.
std::string without_comments(Bytes value) {
  std::string text;
  int depth = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char byte = value[i];
    if (byte == '\\') {
      ++i;
    } else if (is_quoted) {
      is_quoted = byte != '"';
    } else if (byte == '"' && depth == 0) {
      is_quoted = true;
      text += 'x';
    } else if (byte == '(') {
      // Words may be parted by nothing but a comment (RFC 5322 §3.2.2).
      if (depth++ == 0) text += ' ';
    } else if (byte == ')') {
      depth = std::max(depth - 1, 0);
    } else if (depth == 0) {
      text += is_fws(byte) ? ' ' : byte;
    }
  }
  return text;
}

// Takes the piece before the next ";" off `text`.
Bytes take_piece(Bytes& text) {
  const std::size_t end = std::min(text.find(';'), text.size());
  const Bytes piece = trim_fws(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return piece;
}

// Takes "name = value" off `text`; both empty where there is none.
struct Pair {
  std::string name;
  std::string value;
};
Pair take_pair(Bytes& text) {
  const std::size_t equals = text.find('=');
  if (equals == Bytes::npos) {
    text = {};
    return {};
  }
  Bytes name = trim_fws(text.substr(0, equals));
  // What stands before the name has no "=" and is not understood.
  if (const std::size_t blank = name.rfind(' '); blank != Bytes::npos)
    name.remove_prefix(blank + 1);
  Bytes rest = text.substr(equals + 1);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  const std::size_t end = std::min(rest.find(' '), rest.size());
  text = rest.substr(end);
  return {.name = one_line(lower_case(name)), .value = one_line(lower_case(rest.substr(0, end)))};
}

MethodResult parse_result(Bytes piece) {
  const Pair first = take_pair(piece);
  MethodResult result{
      .method = first.name.substr(0, first.name.find('/')), .result = first.value, .domain = {}};
  while (!piece.empty()) {
    const Pair property = take_pair(piece);
    if (property.name == "header.d") result.domain = property.value;
    if (property.name == "header.i" && result.domain.empty()) {
      const std::size_t at = property.value.rfind('@');
      if (at != std::string::npos) result.domain = property.value.substr(at + 1);
    }
  }
  return result;
}

}  // namespace

std::vector<MethodResult> parse_arc_results(Bytes value) {
  std::vector<MethodResult> results;
  const std::string text = without_comments(value);
  Bytes rest = text;
  take_piece(rest);  // the instance
  take_piece(rest);  // who says so
  while (!rest.empty() && results.size() < method_results_max) {
    MethodResult result = parse_result(take_piece(rest));
    if (!result.method.empty()) results.push_back(std::move(result));
  }
  return results;
}

unsigned instance_of_arc_results(Bytes value) {
  const std::string text = without_comments(value);
  Bytes rest = text;
  Bytes piece = take_piece(rest);
  const Pair pair = take_pair(piece);
  return pair.name == "i" ? parse_instance(pair.value) : 0;
}

}  // namespace leakfs::dkim
