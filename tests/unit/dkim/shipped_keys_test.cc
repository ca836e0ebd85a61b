// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/shipped_keys.h"

#include <gtest/gtest.h>

#include "index/dkim/keyring.h"

namespace leakfs::dkim {
namespace {

TEST(ShippedKeys, HaveNoErrors) {
  Keyring keyring;
  std::vector<KeyFileProblem> problems;
  keyring.add(shipped_keys(), shipped_keys_name, problems);
  for (const KeyFileProblem& problem : problems) ADD_FAILURE() << problem.line << problem.what;
  EXPECT_EQ(keyring.size(), 79U);
}

TEST(ShippedKeys, EachComesWithItsSource) {
  Keyring keyring;
  std::vector<KeyFileProblem> problems;
  keyring.add(shipped_keys(), shipped_keys_name, problems);
  const auto records = keyring.find("20120113", "gmail.com");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_TRUE(records[0].key);
  EXPECT_TRUE(records[0].provenance.starts_with("seen=2012-03-05/2016-12-11 source="));
}

}  // namespace
}  // namespace leakfs::dkim
