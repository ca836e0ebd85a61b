// SPDX-License-Identifier: GPL-3.0-or-later
// The page that leakfs-index(5) draws.
#include "index/store/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leakfs::store {
namespace {

using testing::HasSubstr;

constexpr std::size_t sealed_size = 104;
constexpr std::uint64_t tables = 0x3000;
constexpr std::uint64_t heap = 1234;
constexpr std::uint64_t file_size = tables + heap + page_size;

Seal sample() {
  Seal seal{.tables_length = tables, .heap_length = heap, .program = "leakfs 0.1.0"};
  seal.tables_checksum.fill(0xab);
  return seal;
}

std::string error_of(Bytes page, std::uint64_t size = file_size) {
  const Result<Seal> seal = decode_seal(page, size);
  return seal ? "" : seal.error().text;
}

TEST(Seal, IsReadAsItWasWritten) {
  const Result<Seal> seal = decode_seal(encode_seal(sample()), file_size);
  ASSERT_TRUE(seal);
  EXPECT_EQ(seal->tables_length, tables);
  EXPECT_EQ(seal->heap_length, heap);
  EXPECT_EQ(seal->tables_checksum, sample().tables_checksum);
  EXPECT_EQ(seal->program, "leakfs 0.1.0");
}
TEST(Seal, HasItsFieldsWhereTheManualSays) {
  const ByteString page = encode_seal(sample());
  ASSERT_EQ(page.size(), 4096U);
  EXPECT_EQ(page.substr(0, 16), ByteString("leakfs index\n\0\0\0", 16));
  EXPECT_EQ(page.substr(16, 8), ByteString("\0\0\0\4\0\0\x10\0", 8));
  EXPECT_EQ(page.substr(24, 16), ByteString("\0\0\0\0\0\0\x30\0\0\0\0\0\0\0\x04\xd2", 16));
  EXPECT_EQ(page.substr(40, 16), ByteString(16, '\xab'));
  EXPECT_EQ(page.substr(56, 13), ByteString("leakfs 0.1.0\0", 13));
  EXPECT_EQ(page.find_first_not_of('\0', sealed_size), ByteString::npos);
}
TEST(Seal, AnyOtherByteInItIsRefused) {
  const ByteString page = encode_seal(sample());
  for (std::size_t at = 0; at < sealed_size; ++at) {
    for (unsigned value = 1; value < 256; ++value) {
      ByteString changed = page;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ value);
      EXPECT_FALSE(decode_seal(changed, file_size)) << "byte " << at;
    }
  }
}
TEST(Seal, OfAnotherVersionSaysWhoBuiltIt) {
  ByteString page = encode_seal(sample());
  page[19] = static_cast<char>(format_version + 1);
  const Checksum sum = checksum(page.substr(0, 88));
  std::ranges::copy(sum, page.begin() + 88);
  const Result<Seal> seal = decode_seal(page, file_size);
  ASSERT_FALSE(seal);
  EXPECT_EQ(seal.error().status, ExitStatus::input);
  EXPECT_THAT(seal.error().text,
              HasSubstr("format 5, this program reads 4; built by leakfs 0.1.0"));
  EXPECT_THAT(seal.error().hint, HasSubstr("--force"));
}
TEST(Seal, OfAFileThatWasCutOrGrewIsRefused) {
  const ByteString page = encode_seal(sample());
  EXPECT_THAT(error_of(page, file_size - 1), HasSubstr("cut short or grew"));
  EXPECT_THAT(error_of(page, file_size + 1), HasSubstr("cut short or grew"));
  EXPECT_THAT(error_of(page, page_size), HasSubstr("cut short or grew"));
}
TEST(Seal, LengthsThatOverflowAreRefused) {
  Seal huge = sample();
  huge.tables_length = UINT64_MAX - 1;
  huge.heap_length = tables + heap + 2;  // the sum is right, modulo 2^64
  EXPECT_THAT(error_of(encode_seal(huge)), HasSubstr("cut short or grew"));
}
TEST(Seal, APageThatIsShortOrNoSealIsNoIndex) {
  EXPECT_THAT(error_of(""), HasSubstr("no leakfs index"));
  EXPECT_THAT(error_of(encode_seal(sample()).substr(1)), HasSubstr("no leakfs index"));
  EXPECT_THAT(error_of(ByteString(page_size, '\0')), HasSubstr("no leakfs index"));
}
TEST(Seal, TheNameOfALongProgramIsCut) {
  Seal seal = sample();
  seal.program = std::string(40, 'p');
  EXPECT_EQ(decode_seal(encode_seal(seal), file_size)->program, std::string(32, 'p'));
}

}  // namespace
}  // namespace leakfs::store
