// SPDX-License-Identifier: GPL-3.0-or-later
#include <vector>

#include "tests/unit/codec/packed.h"

namespace leakfs::codec {
namespace {

struct Case {
  const char* name;
  Format format;
  ByteString (*pack)(Bytes);
  std::size_t points_min;  // of the content below
};

constexpr std::size_t size = 10'000'000;

const ByteString& content() {
  static const ByteString text = words(size);
  return text;
}

const Case cases[] = {
    {"deflate", Format::deflate, deflate_of, 2},
    {"gzip", Format::gzip, gzip_of, 2},
    {"gzip_members", Format::gzip, [](Bytes bytes) { return in_pieces(bytes, 3'000'000, gzip_of); },
     1},
    {"gzip_small_members", Format::gzip,
     [](Bytes bytes) { return in_pieces(bytes, 65'280, gzip_of); }, 2},
    {"bzip2", Format::bzip2, [](Bytes bytes) { return bzip2_of(bytes); }, 10},
    {"bzip2_small_blocks", Format::bzip2, [](Bytes bytes) { return bzip2_of(bytes, 1); }, 15},
    {"bzip2_streams", Format::bzip2,
     [](Bytes bytes) {
       return in_pieces(bytes, 1'234'567, [](Bytes piece) { return bzip2_of(piece); });
     },
     8},
    {"xz", Format::xz, [](Bytes bytes) { return xz_of(bytes); }, 0},
    {"xz_blocks", Format::xz, [](Bytes bytes) { return xz_of(bytes, 2'000'000); }, 4},
    {"xz_streams", Format::xz,
     [](Bytes bytes) {
       return in_pieces(bytes, 5'000'000, [](Bytes piece) { return xz_of(piece, 2'000'000); });
     },
     4},
    {"zstd", Format::zstd, zstd_of, 0},
    {"zstd_frames", Format::zstd, [](Bytes bytes) { return in_pieces(bytes, 1'100'000, zstd_of); },
     8},
};

class Codec : public testing::TestWithParam<Case> {};

TEST_P(Codec, GivesWhatWasPackedFromTheStartAndFromEachPoint) {
  const MemoryInput input(GetParam().pack(content()));
  std::vector<RestartPoint> points;
  const auto decoder = open(GetParam().format, input, [&](RestartPoint point) -> Result<void> {
    points.push_back(std::move(point));
    return {};
  });
  ASSERT_TRUE(decoder);
  EXPECT_EQ(all_of(**decoder, 333'333), content());
  EXPECT_FALSE((*decoder)->damage());
  EXPECT_EQ((*decoder)->input_bytes(), input.size());
  EXPECT_GE(points.size(), GetParam().points_min);
  std::uint64_t before = 0;
  for (const RestartPoint& point : points) {
    EXPECT_GT(point.offset, before);
    EXPECT_LE(point.offset - before, 4 * point_distance);
    before = point.offset;
    const auto resumed = resume(GetParam().format, input, point);
    ASSERT_TRUE(resumed);
    ByteString rest(1'500'000, '\0');
    const auto count = (*resumed)->read(rest.data(), rest.size());
    ASSERT_TRUE(count);
    rest.resize(*count);
    EXPECT_EQ(rest, content().substr(point.offset, 1'500'000));
    EXPECT_FALSE((*resumed)->damage());
  }
}

TEST_P(Codec, IsCutWhereTheInputIsCut) {
  const ByteString packed = GetParam().pack(Bytes(content()).substr(0, 2'000'000));
  for (int part = 1; part < 8; ++part) {
    const MemoryInput input(packed.substr(0, packed.size() * static_cast<std::size_t>(part) / 8));
    const auto decoder = open(GetParam().format, input, {});
    ASSERT_TRUE(decoder);
    const ByteString got = all_of(**decoder);
    EXPECT_EQ(got, content().substr(0, got.size()));
    // A cut where a member ends is no cut.
    if (got.size() % 65'280 == 0) continue;
    ASSERT_TRUE((*decoder)->damage()) << part;
    EXPECT_TRUE((*decoder)->damage()->is_truncated) << part;
  }
}

TEST_P(Codec, SaysWhatAFlippedBitDamaged) {
  if (GetParam().format == Format::deflate) return;              // its checksum is the zip's
  if (std::string(GetParam().name).starts_with("zstd")) return;  // zstd_of() writes none
  const Bytes original = Bytes(content()).substr(0, 300'000);
  const ByteString packed = GetParam().pack(original);
  std::mt19937 random(7);
  for (int trial = 0; trial < 25; ++trial) {
    ByteString damaged = packed;
    const std::size_t at = 16 + random() % (damaged.size() - 16);
    damaged[at] = static_cast<char>(damaged[at] ^ 1 << random() % 8);
    const MemoryInput input(damaged);
    const auto decoder = open(GetParam().format, input, {});
    ASSERT_TRUE(decoder);
    const ByteString got = all_of(**decoder);
    // Some bits of a header are nobody's, such as the time in that of gzip.
    EXPECT_TRUE(got == original || (*decoder)->damage()) << at;
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, Codec, testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

// RFC 8878 §3.1.1.2: each block has its size in front of it, and one kind is reserved.
TEST(Codec, BlocksOfZstdBeforeADamagedOneAreGiven) {
  constexpr std::size_t block_size = 128 << 10;
  // Less than a window, so that the header of the frame has no byte for that: 9 bytes.
  const Bytes original = Bytes(content()).substr(0, 500'000);
  ByteString packed = zstd_of(original);
  std::size_t at = 9;
  for (int block = 0; block < 3; ++block) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(packed[at + i]); };
    at += 3 + ((byte(0) | byte(1) << 8 | byte(2) << 16) >> 3);
  }
  packed[at] |= 3 << 1;
  const MemoryInput input(packed);
  const auto decoder = open(Format::zstd, input, {});
  const ByteString got = all_of(**decoder, 500'000);
  EXPECT_EQ(got.size(), 3 * block_size);
  EXPECT_TRUE(original.starts_with(got));
  EXPECT_TRUE((*decoder)->damage());
}

TEST(Codec, WindowKeepsOnlyWhatIsReferredTo) {
  const MemoryInput input(gzip_of(content()));
  std::size_t kept = 0;
  std::size_t total = 0;
  const auto decoder = open(Format::gzip, input, [&](const RestartPoint& point) -> Result<void> {
    EXPECT_EQ(point.context.size(), 32U << 10);
    total += point.context.size();
    for (std::size_t i = 0; i < point.context.size(); ++i) {
      if (point.context[i] == '\0') continue;
      ++kept;
      EXPECT_EQ(point.context[i], content()[point.offset - point.context.size() + i]);
    }
    return {};
  });
  all_of(**decoder);
  EXPECT_GT(kept, 0U);
  EXPECT_LT(kept, total * 9 / 10);
}

TEST(Codec, TrailingBytesAreNoMember) {
  for (const auto& [format, packed] :
       {std::pair(Format::gzip, gzip_of("mail")), std::pair(Format::bzip2, bzip2_of("mail")),
        std::pair(Format::xz, xz_of("mail")), std::pair(Format::zstd, zstd_of("mail"))}) {
    const MemoryInput input(packed + "something else");
    const auto decoder = open(format, input, {});
    EXPECT_EQ(all_of(**decoder), "mail");
    ASSERT_TRUE((*decoder)->damage());
    EXPECT_FALSE((*decoder)->damage()->is_truncated);
  }
}

TEST(Codec, FormatIsKnownByItsFirstBytes) {
  EXPECT_EQ(format_of(gzip_of("mail")), Format::gzip);
  EXPECT_EQ(format_of(bzip2_of("mail")), Format::bzip2);
  EXPECT_EQ(format_of(xz_of("mail")), Format::xz);
  EXPECT_EQ(format_of(zstd_of("mail")), Format::zstd);
  EXPECT_EQ(format_of("\x52\x2a\x4d\x18 skippable"), Format::zstd);
  EXPECT_EQ(format_of("From: a@b"), std::nullopt);
  EXPECT_EQ(format_of(""), std::nullopt);
}

TEST(Codec, PointsAreNearUnlessABlockIsLarge) {
  const ByteString large(point_distance_max + 1, 'x');
  const Bytes small = Bytes(large).substr(0, point_distance_max);
  const auto is_near = [](Format format, const ByteString& packed) {
    const MemoryInput input(packed);
    return has_near_points(format, input).value();
  };
  EXPECT_FALSE(is_near(Format::xz, xz_of(large)));
  EXPECT_TRUE(is_near(Format::xz, xz_of(small)));
  EXPECT_TRUE(is_near(Format::xz, xz_of(large, 1 << 20)));
  EXPECT_FALSE(is_near(Format::xz, xz_of(small).substr(0, 1000)));  // without its index
  EXPECT_FALSE(is_near(Format::zstd, zstd_of(large)));
  EXPECT_TRUE(is_near(Format::zstd, zstd_of(small)));
  EXPECT_TRUE(is_near(Format::zstd, in_pieces(large, 1 << 20, zstd_of)));
  EXPECT_FALSE(is_near(Format::zstd, zstd_of(small).substr(0, 1000)));
  EXPECT_TRUE(is_near(Format::gzip, gzip_of(large)));
}

}  // namespace
}  // namespace leakfs::codec
