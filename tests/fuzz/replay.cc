// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a fuzz target on every file of a folder and on changed copies of them, which are the same in
// each run. The input at work is kept as TARGET.input in the current folder until it is done, so an
// input that ends the program is there afterwards.
//
//   fuzz_tag_list SEEDS [COPIES]
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "tests/fuzz/target.h"
#include "tools/sample/random.h"

namespace leakfs::fuzz {
namespace {

constexpr long copies_by_default = 2000;  // of all seeds together
constexpr std::size_t input_size_max = 16 << 10;

using sample::Random;

ByteString read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// In the order of their names.
std::vector<ByteString> read_all(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<ByteString> inputs;
  std::ranges::transform(paths, std::back_inserter(inputs), read);
  return inputs;
}

std::size_t place_in(Bytes bytes, Random& random) {
  return random.below(static_cast<std::uint32_t>(bytes.size() + 1));
}

Bytes piece_of(Bytes bytes, Random& random) {
  const std::size_t start = place_in(bytes, random);
  return bytes.substr(start, random.skewed_below(64) + 1);
}

void change(ByteString& input, const std::vector<ByteString>& seeds, Random& random) {
  constexpr Bytes special = "\r\n\t ;:=\"\\()<>@.,/\0\x80\xff";
  const std::size_t at = place_in(input, random);
  switch (random.below(6)) {
    case 0:
      input.erase(at, random.skewed_below(64) + 1);
      break;
    case 1:
      input.insert(at, piece_of(random.pick(seeds), random));
      break;
    case 2:
      input.insert(at, ByteString(piece_of(input, random)));
      break;
    case 3:
      input.insert(at, random.skewed_below(64) + 1, special[random.below(special.size())]);
      break;
    case 4:
      if (at < input.size()) input[at] = special[random.below(special.size())];
      break;
    default:
      if (at < input.size()) input[at] = static_cast<char>(random.below(256));
  }
  if (input.size() > input_size_max) input.resize(input_size_max);
}

// The input at work.
class Kept {
 public:
  explicit Kept(std::string path)
      : path_(std::move(path)), file_(open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    require(file_ >= 0, "the current folder can be written to");
  }
  ~Kept() {
    close(file_);
    std::filesystem::remove(path_);
  }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;

  void put(Bytes input) const {
    const auto size = static_cast<off_t>(input.size());
    require(pwrite(file_, input.data(), input.size(), 0) == size && ftruncate(file_, size) == 0,
            "the input is kept");
  }

 private:
  std::string path_;
  int file_;
};

void run(const ByteString& input, const Kept& kept) {
  kept.put(input);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

int replay(const std::filesystem::path& program, const std::filesystem::path& folder, long copies) {
  const std::vector<ByteString> seeds = read_all(folder);
  if (seeds.empty()) {
    std::fprintf(stderr, "%s: no seeds\n", folder.c_str());
    return 1;
  }
  const Kept kept(program.filename().string() + ".input");
  run({}, kept);
  for (const ByteString& seed : seeds) run(seed, kept);
  Random random(1);
  for (long i = 0; i < copies; ++i) {
    ByteString input = random.pick(seeds);
    for (std::uint32_t changes = random.skewed_below(16) + 1; changes > 0; --changes) {
      change(input, seeds, random);
    }
    run(input, kept);
  }
  return 0;
}

}  // namespace
}  // namespace leakfs::fuzz

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const long copies =
      argc > 2 ? std::strtol(argv[2], nullptr, 10) : leakfs::fuzz::copies_by_default;
  return leakfs::fuzz::replay(argv[0], argv[1], copies);
}
