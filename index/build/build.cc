// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/build.h"

#include <cstdlib>
#include <ctime>
#include <thread>

#include <sys/stat.h>

#include "index/build/collector.h"
#include "index/build/input_files.h"
#include "index/build/pipeline.h"
#include "index/build/worker.h"

namespace leakfs::build {
namespace {

// SOURCE_DATE_EPOCH makes two builds of one archive the same to the byte.
UnixTime build_time() {
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH"); epoch != nullptr) {
    return std::strtoll(epoch, nullptr, 10);
  }
  return std::time(nullptr);
}

std::uint64_t total_size(const std::vector<std::string>& inputs) {
  std::uint64_t total = 0;
  for (const std::string& input : inputs) {
    struct stat status = {};
    if (::stat(input.c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
      total += static_cast<std::uint64_t>(status.st_size);
    }
  }
  return total;
}

// The walk on a thread of its own, so that decompressing goes on while outcomes are written.
class Reader {
 public:
  Reader(const BuildOptions& options, Pipeline& pipeline)
      : pipeline_(pipeline), ingest_(pipeline, input_bytes_), thread_([this, &options] {
          result_ = run(options);
          if (result_) {
            pipeline_.close();
          } else {
            pipeline_.stop();
          }
        }) {}
  ~Reader() {
    pipeline_.stop();
    if (thread_.joinable()) thread_.join();
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Waits for the end of the walk.
  Result<std::vector<archive::InputSummary>> join() {
    thread_.join();
    return std::move(result_);
  }

  Ingest& ingest() { return ingest_; }
  std::uint64_t input_bytes() const { return input_bytes_.load(std::memory_order_relaxed); }

 private:
  Result<std::vector<archive::InputSummary>> run(const BuildOptions& options) {
    archive::WalkOptions walk_options;
    walk_options.copy = options.copy;
    walk_options.passphrase = options.passphrase;
    // As large as what is indexed: where there is room for the index, not in a small /tmp.
    walk_options.temporary_beside = options.output;
    std::vector<archive::InputSummary> summaries =
        TRY(archive::walk(options.inputs, walk_options, ingest_));
    TRY(ingest_.finish());
    return summaries;
  }

  Pipeline& pipeline_;
  std::atomic<std::uint64_t> input_bytes_ = 0;
  Ingest ingest_;
  Result<std::vector<archive::InputSummary>> result_;
  std::thread thread_;
};

}  // namespace

Result<Outcome> build_index(const BuildOptions& options, ProgressListener& listener) {
  const LoadedKeys keys = TRY(load_keys(options.keys, listener));
  const std::vector<InputFile> inputs = TRY(describe_inputs(options.inputs));
  store::IndexWriter writer = TRY(store::IndexWriter::create(options.output, options.replace));
  Spool spool = TRY(Spool::create(options.output));

  // Outcomes come in the order of the input, whatever the number of threads.
  SharedDictionary dictionary = nullptr;
  Collector collector(writer.heap(), spool, dictionary);
  Pipeline pipeline(options.jobs, [&] { return make_worker(keys.keyring, dictionary); });
  Reader reader(options, pipeline);
  Progress progress;
  progress.bytes_total = total_size(options.inputs);
  while (std::optional<Task> task = pipeline.next()) {
    TRY(collector.take(std::move(*task)));
    progress.bytes = reader.input_bytes();
    progress.messages = collector.messages();
    listener.update(progress);
  }
  const std::vector<archive::InputSummary> summaries = TRY(reader.join());
  TRY(check_unchanged(inputs));
  TRY(collector.finish());
  progress.is_finishing = true;
  listener.update(progress);

  // Only now is it known which messages occur twice, so only now can records be completed.
  const std::string program = "leakfs " LEAKFS_VERSION;
  Outcome outcome = TRY(finish({.inputs = inputs,
                                .summaries = summaries,
                                .ingest = reader.ingest(),
                                .collector = collector,
                                .spool = spool,
                                .keys = keys,
                                .jobs = options.jobs,
                                .built = build_time(),
                                .program = program},
                               writer));
  TRY(writer.finish(program));
  return outcome;
}

}  // namespace leakfs::build
