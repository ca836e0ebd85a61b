// SPDX-License-Identifier: GPL-3.0-or-later
// Where canonical bodies go: into hashes, one or many, or into memory.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "index/dkim/body_canonicalizer.h"
#include "index/dkim/canonical.h"

namespace leakfs::dkim {
namespace {

// The body is taken in slices that stay in the first cache while each hash reads them.
constexpr std::size_t slice_size = 16 << 10;

// Calls `add` with slices of the body, in order.
template <typename Add>
void for_each_slice(Bytes body, Add add) {
  for (; body.size() > slice_size; body.remove_prefix(slice_size)) add(body.substr(0, slice_size));
  add(body);
}

// Hashers outlive their use, for to make one costs as much as to hash a short body.
class HasherPool {
 public:
  using Owned = std::unique_ptr<crypto::Hasher>;

  Owned take(crypto::DigestKind kind) {
    std::vector<Owned>& idle = idle_[static_cast<std::size_t>(kind)];
    if (idle.empty()) return std::make_unique<crypto::Hasher>(kind);
    Owned hasher = std::move(idle.back());
    idle.pop_back();
    return hasher;
  }
  // Of a hasher that has finished.
  void give_back(crypto::DigestKind kind, Owned hasher) {
    idle_[static_cast<std::size_t>(kind)].push_back(std::move(hasher));
  }

 private:
  std::array<std::vector<Owned>, 2> idle_;
};
thread_local HasherPool hashers;

// The hash of one request, until its length is reached.
class LimitedHash {
 public:
  explicit LimitedHash(const BodyHashRequest& request)
      : request_(request), hasher_(hashers.take(request.digest)) {}

  const BodyHashRequest& request() const { return request_; }

  void add(Bytes canonical) {
    size_ += canonical.size();
    const std::uint64_t left = request_.length_max - hashed_;
    canonical = canonical.substr(0, std::min<std::uint64_t>(left, canonical.size()));
    if (canonical.empty()) return;
    hasher_->add(canonical);
    hashed_ += canonical.size();
  }
  BodyDigest finish() {
    const BodyDigest result = {.digest = hasher_->finish(), .hashed = hashed_, .size = size_};
    hashers.give_back(request_.digest, std::move(hasher_));
    return result;
  }

 private:
  BodyHashRequest request_;
  HasherPool::Owned hasher_;
  std::uint64_t hashed_ = 0;
  std::uint64_t size_ = 0;
};

// All hashes of one canonicalization.
class HashSink final : public BodySink {
 public:
  void add(Bytes canonical) override {
    for (LimitedHash& hash : hashes_) hash.add(canonical);
  }
  void want(const BodyHashRequest& request) {
    if (std::ranges::find(hashes_, request, &LimitedHash::request) == hashes_.end()) {
      hashes_.emplace_back(request);
    }
  }
  bool is_wanted() const { return !hashes_.empty(); }
  // Each request has its result, those that are equal the same.
  void finish(std::span<const BodyHashRequest> requests, std::span<BodyDigest> results) {
    for (LimitedHash& hash : hashes_) {
      const BodyDigest result = hash.finish();
      for (std::size_t i = 0; i < requests.size(); ++i) {
        if (requests[i] == hash.request()) results[i] = result;
      }
    }
  }

 private:
  std::vector<LimitedHash> hashes_;
};

struct Stream {
  explicit Stream(Canonicalization how) : canonicalizer(how, sink) {}

  HashSink sink;
  BodyCanonicalizer canonicalizer;
};

class AppendingSink final : public BodySink {
 public:
  explicit AppendingSink(ByteString& out) : out_(out) {}
  void add(Bytes canonical) override { out_ += canonical; }

 private:
  ByteString& out_;
};

class FeedingSink final : public BodySink {
 public:
  explicit FeedingSink(crypto::Hasher& hasher) : hasher_(hasher) {}
  void add(Bytes canonical) override { hasher_.add(canonical); }

 private:
  crypto::Hasher& hasher_;
};

void canonicalize(Bytes body, Canonicalization how, BodySink& sink) {
  BodyCanonicalizer canonicalizer(how, sink);
  for_each_slice(body, [&canonicalizer](Bytes slice) { canonicalizer.add(slice); });
  canonicalizer.finish();
}

}  // namespace

std::vector<BodyDigest> hash_bodies(Bytes body, std::span<const BodyHashRequest> requests) {
  using enum Canonicalization;
  std::array<Stream, 3> streams = {Stream(simple), Stream(relaxed), Stream(nofws)};
  for (const BodyHashRequest& request : requests) {
    streams[static_cast<std::size_t>(request.how)].sink.want(request);
  }
  for_each_slice(body, [&streams](Bytes slice) {
    for (Stream& stream : streams) {
      if (stream.sink.is_wanted()) stream.canonicalizer.add(slice);
    }
  });
  std::vector<BodyDigest> results(requests.size());
  for (Stream& stream : streams) {
    if (!stream.sink.is_wanted()) continue;
    stream.canonicalizer.finish();
    stream.sink.finish(requests, results);
  }
  return results;
}

BodyDigest hash_body(Bytes body, const BodyHashRequest& request) {
  return hash_bodies(body, {&request, 1}).front();
}

void append_body(ByteString& out, Bytes body, Canonicalization how) {
  AppendingSink sink(out);
  canonicalize(body, how, sink);
}

void feed_body(crypto::Hasher& hasher, Bytes body, Canonicalization how) {
  FeedingSink sink(hasher);
  canonicalize(body, how, sink);
}

}  // namespace leakfs::dkim
