// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/leak.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "tools/sample/output.h"
#include "tools/sample/plan.h"
#include "tools/sample/seal.h"
#include "tools/sample/truth.h"

namespace leakfs::sample {
namespace {

constexpr std::size_t batch_places_max = 512;
constexpr std::uint64_t batch_bytes_max = 16_MiB;
constexpr std::uint64_t demo_bytes_per_attachment = 791;  // 20 MiB in all 26,506 of the preset

// The three files, each written under a name of its own until all are whole.
struct Files {
  explicit Files(const std::string& output)
      : finals({output, output + ".truth.csv", output + ".keys"}) {
    for (std::size_t i = 0; i < finals.size(); ++i) {
      partials[i] = directory_of(finals[i]) + "/.partial-" + file_name_of(finals[i]);
    }
  }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  ~Files() { remove_partials(); }

  void remove_partials() const {
    for (const std::string& partial : partials) ::unlink(partial.c_str());
  }

  Result<void> check_absent() const {
    for (const std::string& path : finals) {
      if (::access(path.c_str(), F_OK) == 0) {
        return output_error(EEXIST, path, "--force replaces it");
      }
    }
    return {};
  }

  Result<void> publish() const {
    for (std::size_t i = 0; i < finals.size(); ++i) {
      if (std::rename(partials[i].c_str(), finals[i].c_str()) != 0) {
        return output_error(errno, finals[i]);
      }
    }
    return sync_directory_of(finals.front());
  }

  std::array<std::string, 3> finals;
  std::array<std::string, 3> partials;
};

struct Written {
  ByteString bytes;
  std::string truth;  // the line of a message that is met first here, else empty
};

class Maker {
 public:
  Maker(const Plan& plan, std::string output) : plan_(plan), output_(std::move(output)) {}

  Written make(std::uint32_t place_number) const {
    const Place& place = plan_.places[place_number];
    const MessagePlan& message = plan_.messages[place.message];
    const Draft draft = make_draft(plan_, place.message);
    SealedMessage sealed = seal(draft, message.reason, keys_);
    // Exported or kept in an mbox: RFC 6376 §5.3 hashes LF as CRLF.
    if (draft.is_lf || is_mbox(output_)) std::erase(sealed.bytes, '\r');
    Written written{.bytes = std::move(sealed.bytes)};
    if (plan_.first_places[place.message] == place_number) {
      written.truth = truth_line({.draft = draft,
                                  .reason = message.reason,
                                  .domains = sealed.domains,
                                  .bytes = written.bytes,
                                  .sources = sources(place_number)});
    }
    return written;
  }

  const KeyChain& keys() const { return keys_; }

 private:
  // As the catalog names them: the input, then the member's path in it.
  std::vector<std::string> sources(std::uint32_t place_number) const {
    const Place& place = plan_.places[place_number];
    const std::string input = file_name_of(output_);
    const std::optional<std::uint32_t> copy = plan_.copy_of(place.message);
    if (is_mbox(output_)) return std::vector<std::string>(copy ? 2 : 1, input);
    std::vector<std::string> paths = {input + "/" + plan_.path(place)};
    if (copy) paths.push_back(input + "/" + plan_.path(plan_.places[*copy]));
    return paths;
  }

  const Plan& plan_;
  std::string output_;
  KeyChain keys_;
};

// Places from `first` whose messages are made together: bounded in number and bytes.
std::size_t batch_size(const Plan& plan, std::size_t first) {
  std::uint64_t bytes = 0;
  std::size_t count = 0;
  while (first + count < plan.places.size() && count < batch_places_max &&
         bytes < batch_bytes_max) {
    const MessagePlan& message = plan.messages[plan.places[first + count].message];
    for (std::uint32_t i = 0; i < message.attachments; ++i) {
      bytes += plan.attachment_sizes[message.first_attachment + i];
    }
    ++count;
  }
  return count;
}

std::vector<Written> make_batch(const Maker& maker, std::size_t first, std::size_t count,
                                unsigned jobs) {
  std::vector<Written> batch(count);
  std::vector<std::jthread> workers;
  for (unsigned job = 0; job < jobs; ++job) {
    workers.emplace_back([&maker, &batch, first, jobs, job] {
      for (std::size_t i = job; i < batch.size(); i += jobs) {
        batch[i] = maker.make(static_cast<std::uint32_t>(first + i));
      }
    });
  }
  workers.clear();  // joins
  return batch;
}

// While one batch is written (and compressed) the next is made.
Result<std::uint64_t> write_messages(const Plan& plan, const Maker& maker, unsigned jobs,
                                     Output& output, TextFile& truth) {
  std::uint64_t bytes = 0;
  std::size_t first = 0;
  std::size_t count = batch_size(plan, 0);
  std::vector<Written> batch = make_batch(maker, 0, count, jobs);
  while (count > 0) {
    const std::size_t next = first + count;
    const std::size_t next_count = batch_size(plan, next);
    std::vector<Written> next_batch;
    std::jthread ahead([&] { next_batch = make_batch(maker, next, next_count, jobs); });
    for (std::size_t i = 0; i < count; ++i) {
      const Place& place = plan.places[first + i];
      TRY(output.add(plan.path(place), plan.messages[place.message].date, batch[i].bytes));
      TRY(truth.append(batch[i].truth));
      bytes += batch[i].bytes.size();
    }
    ahead.join();
    batch = std::move(next_batch);
    first = next;
    count = next_count;
  }
  return bytes;
}

}  // namespace

Result<Summary> write_leak(const Request& request) {
  const Files files(request.output);
  if (!request.is_forced) TRY(files.check_absent());
  files.remove_partials();

  const std::uint64_t attachment_bytes =
      request.attachment_bytes.value_or(demo_bytes_per_attachment * request.quota.attachments);
  if (attachment_bytes < attachment_size_min * request.quota.attachments) {
    return std::unexpected(
        Error{.status = ExitStatus::usage,
              .text = fmt::format("{} bytes are too few for {} attachments", attachment_bytes,
                                  request.quota.attachments),
              .hint = fmt::format("--attachment-bytes must be at least {}",
                                  attachment_size_min * request.quota.attachments)});
  }
  const Plan plan = make_plan(request.quota, attachment_bytes, request.seed);
  const Maker maker(plan, request.output);

  const std::unique_ptr<Output> output = TRY(Output::create(files.partials[0]));
  TextFile truth = TRY(TextFile::create(files.partials[1]));
  TextFile keys = TRY(TextFile::create(files.partials[2]));
  TRY(truth.append(truth_header()));
  TRY(keys.append(key_file(maker.keys())));
  const std::uint64_t bytes =
      TRY(write_messages(plan, maker, std::max(1U, request.jobs), *output, truth));
  TRY(output->close());
  TRY(truth.close());
  TRY(keys.close());
  TRY(files.publish());
  return Summary{.messages = static_cast<std::uint32_t>(plan.messages.size()),
                 .places = static_cast<std::uint32_t>(plan.places.size()),
                 .attachments = request.quota.attachments,
                 .bytes = bytes};
}

}  // namespace leakfs::sample
