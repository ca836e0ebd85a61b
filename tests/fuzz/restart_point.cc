// SPDX-License-Identifier: GPL-3.0-or-later
// A restart point of an index that somebody else made, in an archive of theirs:
//
//   [kind of the stream][bit of the input, 4 bytes][length of the context, 2 bytes][context][input]
#include <algorithm>

#include "index/archive/stream_plan.h"
#include "index/store/lmdb.h"
#include "tests/fuzz/target.h"

using leakfs::Bytes;
namespace archive = leakfs::archive;
namespace codec = leakfs::codec;

namespace {

class MemoryInput final : public codec::Input {
 public:
  explicit MemoryInput(Bytes bytes) : bytes_(bytes) {}

  leakfs::Result<std::size_t> read_some(std::uint64_t offset, char* buffer,
                                        std::size_t length) const override {
    if (offset >= bytes_.size()) return std::size_t{0};
    return bytes_.copy(buffer, length, offset);
  }
  std::uint64_t size() const override { return bytes_.size(); }

 private:
  const Bytes bytes_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t head_size = 7;
  constexpr std::size_t output_max = 1 << 20;
  if (size < head_size) return 0;
  Bytes rest = leakfs::fuzz::bytes_of(data, size);
  const auto kind = static_cast<archive::StreamKind>(rest[0]);
  codec::RestartPoint point{.offset = 1 << 20, .input_bit = leakfs::store::load_be32(&rest[1])};
  const std::size_t length = data[5] << 8 | data[6];
  rest.remove_prefix(head_size);
  point.context = rest.substr(0, length);
  rest.remove_prefix(point.context.size());
  const MemoryInput input(rest);
  const auto decoder = archive::open_stream(kind, input, point, {});
  if (!decoder) return 0;
  leakfs::ByteString block(1 << 16, '\0');
  for (std::size_t read = 0; read < output_max; read += block.size()) {
    const auto count = (*decoder)->read(block.data(), block.size());
    if (!count || *count == 0) break;
    leakfs::fuzz::require(*count <= block.size(), "no more than was asked for");
  }
  return 0;
}
