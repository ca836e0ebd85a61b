// SPDX-License-Identifier: GPL-3.0-or-later
// Messages verified per second on one core, by leakfs and by others in the same run, and the ratios
// as rows of the table of tests/bench/run.sh. A message that does not verify is an error.
#include <algorithm>
#include <functional>
#include <map>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "index/dkim/verify.h"
#include "tests/bench/verify/message.h"
#include "tests/bench/verify/opendkim.h"
#include "tests/bench/verify/openssl.h"

namespace leakfs::bench {
namespace {

struct Size {
  const char* name;
  std::size_t bytes;
  double target;  // messages per second
};
constexpr Size sizes[] = {{"5 kB", 5'000, 20'000}, {"1 MB", 1'000'000, 700}};

bool is_verified(const SignedMessage& message, const dkim::Keyring& keyring) {
  const mail::Header header = mail::parse_header(message.bytes);
  const dkim::Report report = dkim::verify(message.bytes, header, std::nullopt, keyring);
  return report.status == dkim::Status::verified;
}

// Messages per second by the name of their benchmark.
class Reporter : public benchmark::ConsoleReporter {
 public:
  Reporter() : ConsoleReporter(OO_None) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      has_failed_ = has_failed_ || run.error_occurred;
      const auto found = run.counters.find("items_per_second");
      if (found == run.counters.end()) continue;
      // The best of repetitions, for what disturbs a run only makes it slower.
      double& best = rates_[run.run_name.function_name];
      best = std::max(best, found->second.value);
    }
  }

  bool has_failed() const { return has_failed_; }
  double rate(const std::string& name) const { return rates_.at(name); }
  bool has_all() const { return rates_.size() == 3 * std::size(sizes); }

 private:
  std::map<std::string, double> rates_;
  bool has_failed_ = false;
};

void add(const std::string& name, std::function<bool()> verify) {
  benchmark::RegisterBenchmark(name.c_str(), [verify = std::move(verify)](benchmark::State& state) {
    for (auto _ : state) {
      if (!verify()) {
        state.SkipWithError("does not verify");
        return;
      }
    }
    state.SetItemsProcessed(state.iterations());
  });
}

void print_row(const Reporter& reporter, const Size& size, const std::string& other) {
  const double ours = reporter.rate(fmt::format("leakfs, {}", size.name));
  const double theirs = reporter.rate(fmt::format("{}, {}", other, size.name));
  fmt::print(
      "| messages of {} verified on one core | {:.0f}/s | {}: {:.0f}/s | {:.2f}x | >= {:.0f}/s |\n",
      size.name, ours, other, theirs, ours / theirs, size.target);
}

int run(int argc, char** argv) {
  const crypto::PrivateKey key = crypto::PrivateKey::generate(crypto::KeyKind::rsa, 2048);
  std::map<std::size_t, SignedMessage> messages;
  for (const Size& size : sizes) messages[size.bytes] = make_message(size.bytes, key);
  const SignedMessage& any = messages.begin()->second;

  dkim::Keyring keyring;
  std::vector<dkim::KeyFileProblem> problems;
  keyring.add(any.zone, "bench", problems);
  Openssl openssl(key.public_bytes());
  Opendkim opendkim(any.record);

  for (const Size& size : sizes) {
    const SignedMessage& message = messages[size.bytes];
    add(fmt::format("leakfs, {}", size.name), [&] { return is_verified(message, keyring); });
    add(fmt::format("libopendkim, {}", size.name), [&] { return opendkim.verify(message.bytes); });
    add(fmt::format("bare OpenSSL, {}", size.name), [&] { return openssl.verify(message); });
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  Reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  if (reporter.has_failed()) return 1;
  for (const Size& size : sizes) {
    if (!reporter.has_all()) break;
    print_row(reporter, size, "libopendkim");
    print_row(reporter, size, "bare OpenSSL");
  }
  return 0;
}

}  // namespace
}  // namespace leakfs::bench

int main(int argc, char** argv) { return leakfs::bench::run(argc, argv); }
