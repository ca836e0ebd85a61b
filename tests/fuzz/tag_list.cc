// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/tag_list.h"

#include "index/dkim/tag_value.h"
#include "tests/fuzz/target.h"

using leakfs::Bytes;
using leakfs::fuzz::require;
namespace dkim = leakfs::dkim;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes text = leakfs::fuzz::bytes_of(data, size);
  for (const std::string& item : dkim::split_colons(text)) {
    require(!item.empty() && dkim::trim_fws(item) == item, "items are trimmed, none is empty");
    require(item.find(':') == std::string::npos, "items have no colon");
    require(dkim::lower_case(item) == item, "items are lower case");
  }
  require(dkim::without_fws(dkim::trim_fws(text)) == dkim::without_fws(text),
          "only white space is trimmed");
  if (const auto data_of_text = dkim::decode_strict_base64(text)) {
    require(data_of_text->size() <= text.size() / 4 * 3 + 2, "four characters are three bytes");
  }

  const std::optional<dkim::TagList> tags = dkim::TagList::parse(text);
  if (!tags) return 0;
  for (const char* name : {"a", "b", "bh", "c", "d", "h", "i", "l", "n", "p", "s", "t", "v", "x"}) {
    const std::optional<Bytes> value = tags->find(name);
    if (!value) continue;
    require(value->find(';') == Bytes::npos, "a value ends before the next tag");
    require(dkim::trim_fws(*value) == *value, "a value is trimmed");
    require(value->data() >= text.data() && value->data() + value->size() <= text.data() + size,
            "a value is a view of the text");
    std::optional<std::uint64_t> number;
    const bool is_number = dkim::read_number(*tags, name, number);
    require(is_number == number.has_value(), "a tag is a number or it is none");
  }
  require(!tags->find("") && !tags->find("a b"), "names are names");
  return 0;
}
