// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/input_files.h"

#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace leakfs::build {
namespace {

TEST(InputFiles, ThatStayAsTheyAreAreUnchanged) {
  const Scratch scratch;
  const Result<std::vector<InputFile>> inputs =
      describe_inputs({scratch.write("a", "one"), scratch.path("")});
  ASSERT_TRUE(inputs);
  EXPECT_FALSE(inputs->front().is_directory);
  EXPECT_TRUE(inputs->back().is_directory);
  EXPECT_TRUE(check_unchanged(*inputs));
}

TEST(InputFiles, ThatBecomeOthersWhileTheyAreReadAreAnError) {
  const Scratch scratch;
  const Result<std::vector<InputFile>> inputs = describe_inputs({scratch.write("a", "one")});
  ASSERT_TRUE(inputs);
  scratch.write("a", "two");
  const Result<void> changed = check_unchanged(*inputs);
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().status, ExitStatus::input);
  EXPECT_NE(changed.error().text.find("was changed while it was read"), std::string::npos);
}

TEST(InputFiles, ThatAreNotThereAreAnError) { EXPECT_FALSE(describe_inputs({"/no/such/file"})); }

}  // namespace
}  // namespace leakfs::build
