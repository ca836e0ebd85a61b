// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "index/dkim/keyring.h"
#include "index/dkim/tag_list.h"
#include "index/dkim/zone_file.h"
#include "tests/fuzz/target.h"

using leakfs::Bytes;
using leakfs::fuzz::require;
namespace dkim = leakfs::dkim;

namespace {

void check_items(Bytes text, std::size_t lines) {
  dkim::ZoneFile zone(text);
  std::size_t last = 0;
  while (const std::optional<dkim::ZoneItem> item = zone.next()) {
    require(item->line > last && item->line <= lines, "items are in the order of their lines");
    last = item->line;
    require(dkim::lower_case(item->name) == item->name, "names are lower case");
    if (item->kind == dkim::ZoneItem::Kind::error) require(!item->value.empty(), "errors say what");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes text = leakfs::fuzz::bytes_of(data, size);
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  check_items(text, lines);

  dkim::Keyring keyring;
  std::vector<dkim::KeyFileProblem> problems;
  keyring.add(text, "fuzz", problems);
  require(problems.size() <= dkim::key_file_problems_max + 1, "problems have a limit");
  std::size_t last = 1;
  for (const dkim::KeyFileProblem& problem : problems) {
    require(problem.line >= last && problem.line <= lines, "problems are in the order of lines");
    require(!problem.what.empty(), "problems say what");
    last = problem.line;
  }
  const std::size_t before = keyring.size();
  keyring.add(text, "fuzz", problems);
  require(keyring.size() == before, "a record is there once");
  keyring.add("new._domainkey.example.org v=DKIM1; p=\n", "fuzz", problems);
  require(!keyring.find("NEW", "Example.org").empty(), "a record is found by its name");
  return 0;
}
