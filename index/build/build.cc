// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/build.h"

#include <cstdlib>
#include <ctime>
#include <utility>

#include <sys/resource.h>

#include "index/base/file.h"
#include "index/build/collector.h"
#include "index/build/input_files.h"
#include "index/build/inventory.h"
#include "index/build/parse_job.h"
#include "index/build/reading.h"
#include "index/mail/charset.h"

namespace leakfs::build {
namespace {

// SOURCE_DATE_EPOCH makes two builds of one archive the same to the byte.
UnixTime build_time() {
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH"); epoch != nullptr) {
    return std::strtoll(epoch, nullptr, 10);
  }
  return std::time(nullptr);
}

// All inputs are open at once, and `mkleakfs *.eml` has many.
void allow_many_files() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

struct Build::State {
  BuildOptions options;
  LoadedKeys keys;
  std::vector<InputFile> inputs;
  archive::Walk walk;
  store::IndexWriter writer;
  Spool spool;
  SharedDictionary dictionary;
  Slots slots;
};

Build::Build(std::unique_ptr<State> state) : state_(std::move(state)) {}
Build::Build(Build&&) noexcept = default;
Build& Build::operator=(Build&&) noexcept = default;
Build::~Build() = default;

Result<Build> Build::open(const BuildOptions& options, ProgressListener& listener) {
  allow_many_files();
  // What is opened here, the processes to come have.
  mail::open_charsets();
  LoadedKeys keys = TRY(load_keys(options.keys, listener));
  std::vector<InputFile> inputs = TRY(describe_inputs(options.inputs));
  store::IndexWriter writer = TRY(store::IndexWriter::create(options.output, options.replace));
  archive::WalkOptions walk_options;
  walk_options.copy = options.copy;
  walk_options.passphrase = options.passphrase;
  // As large as what is indexed: where there is room for the index, not in a small /tmp.
  walk_options.temporary_beside = options.output;
  archive::Walk walk = TRY(archive::Walk::open(options.inputs, walk_options));
  Spool spool = TRY(Spool::create(options.output));
  SharedDictionary dictionary = TRY(SharedDictionary::create());
  Slots slots = TRY(Slots::create(options.jobs));
  return Build(std::make_unique<State>(State{.options = options,
                                             .keys = std::move(keys),
                                             .inputs = std::move(inputs),
                                             .walk = std::move(walk),
                                             .writer = std::move(writer),
                                             .spool = std::move(spool),
                                             .dictionary = std::move(dictionary),
                                             .slots = std::move(slots)}));
}

sandbox::Needs Build::needs() const {
  return {.starts_processes = true,
          .writes_files = true,
          .readable_below = state_->walk.directories(),
          .replaceable_in = {directory_of(state_->options.output)}};
}

Result<Outcome> Build::run(ProgressListener& listener) {
  Inventory inventory;
  Collector collector(state_->writer.heap(), state_->spool, inventory, state_->dictionary);
  ParseJob job(state_->keys.keyring, state_->dictionary);
  TRY(read_inputs({.walk = state_->walk,
                   .slots = state_->slots,
                   .job = job,
                   .jobs = state_->options.jobs,
                   .inventory = inventory,
                   .collector = collector},
                  listener));
  TRY(check_unchanged(state_->inputs));
  TRY(collector.finish());
  listener.update({.bytes = state_->walk.bytes(),
                   .bytes_total = state_->walk.bytes(),
                   .messages = collector.messages(),
                   .is_finishing = true});

  // Only now is it known which messages occur twice, so only now can records be completed.
  const std::string program = "leakfs " LEAKFS_VERSION;
  Outcome outcome = TRY(finish({.inputs = state_->inputs,
                                .inventory = inventory,
                                .collector = collector,
                                .spool = state_->spool,
                                .slots = state_->slots,
                                .keys = state_->keys,
                                .jobs = state_->options.jobs,
                                .built = build_time(),
                                .program = program},
                               state_->writer));
  TRY(state_->writer.finish(program));
  return outcome;
}

Result<Outcome> build_index(const BuildOptions& options, ProgressListener& listener) {
  Build build = TRY(Build::open(options, listener));
  return build.run(listener);
}

}  // namespace leakfs::build
