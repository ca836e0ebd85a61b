// SPDX-License-Identifier: GPL-3.0-or-later
// A pool whose items are lines: each is answered by itself, but for those that do harm.
#include "index/process/pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

namespace leakfs::process {
namespace {

constexpr std::size_t slot_size = 1 << 20;

class Lines final : public Job {
 public:
  // `counter` is shared by all workers.
  explicit Lines(SharedMemory& counter)
      : times_(reinterpret_cast<std::atomic<int>*>(counter.data())[0]),
        most_shared_(reinterpret_cast<std::atomic<int>*>(counter.data())[1]) {}

  // The most shared memories that a worker could write.
  int most_shared() const { return most_shared_; }

  Work make_work() override {
    most_shared_ = std::max<int>(most_shared_, shared_writable());
    return [this](std::uint8_t /*kind*/, Bytes input, OutputRegion& output) {
      std::size_t done = 0;
      while (done < input.size()) {
        const std::size_t end = input.find('\n', done) + 1;
        answer(input.substr(done, end - done), output);
        done = end;
        output.commit(done);
      }
    };
  }

  // As far as both are the same.
  Done sound_part(std::uint8_t /*kind*/, Bytes input, Bytes outcome) override {
    const auto differ = std::ranges::mismatch(input, outcome);
    const auto same = static_cast<std::size_t>(differ.in1 - input.begin());
    const std::size_t lines = same == 0 ? 0 : input.rfind('\n', same - 1) + 1;
    return done(lines, lines);
  }

  Result<Substitute> give_up(std::uint8_t /*kind*/, Bytes input, Death death) override {
    const std::size_t end = input.find('\n') + 1;
    if (input.starts_with("hopeless")) return input_error("there is a hopeless line");
    return Substitute{.input_length = end, .outcome = death == Death::time ? "TIME\n" : "CRASH\n"};
  }

 private:
  void answer(Bytes line, OutputRegion& output) const {
    if (line.starts_with("abort") || line.starts_with("hopeless")) std::abort();
    if (line.starts_with("kill")) std::raise(SIGKILL);
    if (line.starts_with("throw")) throw std::runtime_error("of no interest");
    if (line.starts_with("exit")) ::_exit(0);
    if (line.starts_with("mad")) output.append("too much");
    if (line.starts_with("spin")) {
      for (volatile bool is_on = true; is_on;) {
      }
    }
    if (line.starts_with("sleep")) std::this_thread::sleep_for(std::chrono::hours(1));
    if (line.starts_with("eat")) eat();
    // The first time only.
    if (line.starts_with("once") && times_.fetch_add(1) == 0) std::abort();
    output.append(line);
  }

  // As much as there is; not by malloc(), for sanitizers take its failure in their own way.
  static void eat() {
    constexpr std::size_t size = 1 << 20;
    while (::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED) {
    }
    throw std::bad_alloc();
  }

  static int shared_writable() {
    int count = 0;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
      if (line.find("rw-s") != std::string::npos && line.find("memfd:leakfs") != std::string::npos)
        ++count;
    }
    return count;
  }

  std::atomic<int>& times_;
  std::atomic<int>& most_shared_;
};

class PoolOf : public testing::Test {
 protected:
  void SetUp() override {
    Result<SharedMemory> memory = SharedMemory::create_for_readers(64 * slot_size);
    ASSERT_TRUE(memory);
    memory_.emplace(std::move(*memory));
  }

  // The outcomes of the tasks in their order.
  Result<std::vector<std::string>> outcomes(const std::vector<std::string>& tasks,
                                            const PoolOptions& options = {.workers = 2}) {
    SharedMemory counter = TRY(SharedMemory::create(4096));
    Lines job(counter);
    Pool pool = TRY(Pool::start(*memory_, job, options));
    std::size_t offset = 0;
    for (const std::string& task : tasks) {
      std::memcpy(memory_->data() + offset, task.data(), task.size());
      pool.submit({.offset = offset, .length = task.size()});
      offset += slot_size;
    }
    std::vector<std::string> found;
    while (pool.under_way() > 0) {
      TRY(pool.wait());
      while (std::optional<ByteString> outcome = pool.next()) found.push_back(*std::move(outcome));
    }
    // Its own outcomes, and the counter.
    EXPECT_EQ(job.most_shared(), 3);
    return found;
  }

  std::vector<std::string> expect(const std::vector<std::string>& tasks,
                                  const PoolOptions& options = {.workers = 2}) {
    const Result<std::vector<std::string>> found = outcomes(tasks, options);
    EXPECT_TRUE(found) << found.error().text;
    return found.value_or(std::vector<std::string>());
  }

 private:
  std::optional<SharedMemory> memory_;
};

using Outcomes = std::vector<std::string>;

TEST_F(PoolOf, OutcomesComeInTheOrderOfTheTasks) {
  Outcomes tasks;
  for (int i = 0; i < 60; ++i) {
    tasks.emplace_back();
    for (int line = 0; line < 100 * (60 - i); ++line) tasks.back() += std::to_string(i) + "\n";
  }
  EXPECT_EQ(expect(tasks, {.workers = 4}), tasks);
}

TEST_F(PoolOf, AnItemThatKillsItsWorkersCostsOnlyItself) {
  for (const char* line : {"abort\n", "kill\n", "throw\n", "exit\n", "mad\n"}) {
    const std::string bad = line;
    EXPECT_EQ(expect({"a\nb\n" + bad + "c\n", "d\n"}), (Outcomes{"a\nb\nCRASH\nc\n", "d\n"}))
        << bad;
    EXPECT_EQ(expect({bad, bad + "c\n" + bad}), (Outcomes{"CRASH\n", "CRASH\nc\nCRASH\n"})) << bad;
  }
}

TEST_F(PoolOf, AnItemThatKilledOneWorkerIsGivenToAnother) {
  EXPECT_EQ(expect({"a\nonce\nb\n"}), (Outcomes{"a\nonce\nb\n"}));
}

TEST_F(PoolOf, AnItemThatTakesTooLongIsGivenUp) {
  const PoolOptions options = {.workers = 2,
                               .cpu_time_max = std::chrono::milliseconds(100),
                               .wall_time_max = std::chrono::milliseconds(500)};
  EXPECT_EQ(expect({"a\nspin\nb\n", "sleep\nc\n"}, options),
            (Outcomes{"a\nTIME\nb\n", "TIME\nc\n"}));
}

TEST_F(PoolOf, AnItemThatTakesTooMuchMemoryIsGivenUp) {
  const PoolOptions options = {.workers = 1, .memory_max = 64 << 20};
  EXPECT_EQ(expect({"a\neat\nb\n"}, options), (Outcomes{"a\nCRASH\nb\n"}));
}

TEST_F(PoolOf, AnErrorOfTheSupervisorEndsIt) {
  const Result<Outcomes> found = outcomes({"a\nhopeless\nb\n"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().text, "there is a hopeless line");
}

TEST_F(PoolOf, AnEmptyTaskHasAnEmptyOutcome) {
  EXPECT_EQ(expect({"", "a\n", "", "", "b\n", ""}), (Outcomes{"", "a\n", "", "", "b\n", ""}));
}

}  // namespace
}  // namespace leakfs::process
