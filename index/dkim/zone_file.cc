// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/zone_file.h"

#include <algorithm>
#include <array>
#include <utility>

#include "index/base/line.h"
#include "index/dkim/record_head.h"
#include "index/dkim/tag_list.h"

namespace leakfs::dkim {
namespace {

using Kind = ZoneItem::Kind;
using Form = RecordHead::Form;

Kind kind_of(Form form) {
  switch (form) {
    case Form::text:
      return Kind::text;
    case Form::alias:
      return Kind::alias;
    case Form::other:
      return Kind::other;
    case Form::value:
      return Kind::value;
    case Form::none:
      break;
  }
  return Kind::error;
}

// Takes the comment off the end of a value, in which ";" alone does not begin one.
Bytes take_provenance(Bytes& value) {
  for (std::size_t at = 0; (at = value.find(';', at)) != Bytes::npos; ++at) {
    const Bytes comment = value.substr(at + 1);
    if (!is_provenance(comment)) continue;
    value = value.substr(0, at);
    return comment;
  }
  return {};
}

ZoneItem error(std::string what) { return {.kind = Kind::error, .value = std::move(what)}; }

}  // namespace

bool is_provenance(Bytes comment) {
  comment = skip_blanks(comment);
  return std::ranges::any_of(
      std::to_array<Bytes>({"seen=", "compromised-since", "source="}),
      [comment](Bytes word) { return lower_case(comment.substr(0, word.size())) == word; });
}

ZoneFile::ZoneFile(Bytes text) : rest_(text) {}

// Without its line end, and without the byte order mark that a file, or one of several that were
// put together, begins with.
Bytes ZoneFile::take_line() {
  constexpr Bytes byte_order_mark = "\xef\xbb\xbf";
  ++line_;
  Bytes line = leakfs::take_line(rest_);
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::optional<ZoneItem> ZoneFile::next() {
  while (!rest_.empty()) {
    const Bytes line = take_line();
    const Bytes content = skip_blanks(line);
    const bool is_comment = content.starts_with(';') || content.starts_with('#');
    if (!content.empty() && !is_comment) return read_item(line);
    std::optional<ZoneItem> alone = std::exchange(above_, std::nullopt);
    if (is_comment) {
      above_ = {.kind = Kind::comment, .line = line_, .comment = ByteString(content.substr(1))};
    }
    if (alone) return alone;
  }
  return std::exchange(above_, std::nullopt);
}

ZoneItem ZoneFile::read_item(Bytes line) {
  const std::size_t first = line_;
  ZoneItem item;
  if (line.find('\0') != Bytes::npos) {
    item = error("a NUL byte; a key file is UTF-8 text");
  } else {
    item = line.starts_with('$') ? read_directive(line) : read_record(line);
  }
  item.line = first;
  if (above_) item.comment_above = std::move(above_->comment);
  above_.reset();
  return item;
}

ZoneItem ZoneFile::read_directive(Bytes line) {
  const Bytes word = take_word(line);
  const std::string name = lower_case(word);
  RecordData data;
  data.read(line);
  if (name == "$origin") {
    const std::optional<std::string> origin =
        data.strings() == 1 ? complete(data.joined()) : std::nullopt;
    if (!origin) return error("$ORIGIN needs one name");
    origin_ = *origin;
  } else if (name != "$ttl") {
    return error(excerpt(word) + " is not followed; write the records out");
  }
  return {.kind = Kind::other, .comment = data.comment()};
}

// Data whose parentheses are open take the lines that follow.
RecordData ZoneFile::read_data(Bytes first) {
  RecordData data;
  data.read(first);
  while (data.is_open()) {
    Bytes following = rest_;
    if (following.empty() || begins_record(leakfs::take_line(following))) {
      data.fail("\"(\" is not closed");
      break;
    }
    data.read(take_line());
  }
  return data;
}

ZoneItem ZoneFile::read_record(Bytes line) {
  RecordHead head = parse_head(line);
  ZoneItem item{.kind = kind_of(head.form)};
  const std::optional<std::string> name = head.owner.empty() ? owner_ : complete(head.owner);
  if (name) owner_ = *name;
  if (head.form == Form::value) {
    item.comment = take_provenance(head.data);
    item.value = head.data;
  } else {
    const RecordData data = read_data(head.data);
    if (head.flaw.empty()) head.flaw = data.flaw();
    item.comment = data.comment();
    item.value = data.joined();
    if (head.form == Form::alias) {
      item.value = data.strings() == 1 ? complete(item.value).value_or("") : "";
      if (head.flaw.empty() && item.value.empty()) head.flaw = "CNAME needs one name";
    }
  }
  if (!head.flaw.empty()) return error(head.flaw);
  if (!name || name->empty()) {
    return error(head.owner.empty() ? "no record before it has a name"
                                    : excerpt(head.owner) + " is no name that can be read");
  }
  item.name = *name;
  return item;
}

// RFC 1035 §5.1: a name without a final dot is relative to $ORIGIN. Where there is none, it is
// taken as complete. Escapes, which no selector and no domain needs, are not read.
std::optional<std::string> ZoneFile::complete(Bytes name) const {
  if (name.find('\\') != Bytes::npos || (name == "@" && origin_.empty())) return std::nullopt;
  if (name == "@") return origin_;
  std::string whole = lower_case(name);
  if (whole.ends_with('.')) {
    whole.pop_back();
  } else if (!origin_.empty()) {
    whole += "." + origin_;
  }
  return whole;
}

}  // namespace leakfs::dkim
