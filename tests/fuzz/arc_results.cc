// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/authentication_results.h"
#include "index/dkim/facts.h"
#include "index/dkim/tag_list.h"
#include "tests/fuzz/target.h"

using leakfs::Bytes;
using leakfs::fuzz::require;
namespace dkim = leakfs::dkim;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes value = leakfs::fuzz::bytes_of(data, size);
  require(dkim::instance_of_arc_results(value) <= dkim::arc_sets_max, "i= has a limit");
  const std::vector<dkim::MethodResult> results = dkim::parse_arc_results(value);
  require(results.size() <= dkim::method_results_max, "results have a limit");
  for (const dkim::MethodResult& result : results) {
    require(!result.method.empty(), "a result is of a method");
    for (const std::string& word : {result.method, result.result, result.domain}) {
      require(dkim::lower_case(word) == word, "words are lower case");
      require(word.find_first_of(" ;\r\n") == std::string::npos, "words are single");
    }
  }
  return 0;
}
