// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/canonical.h"

#include <algorithm>
#include <cstring>

namespace leakfs::dkim {
namespace {

bool is_wsp(char byte) { return byte == ' ' || byte == '\t'; }

// The next line of `rest` without its line end, LF or CRLF, both of which count as CRLF
// (RFC 6376 §5.3). `has_end` is false for a last line without one.
Bytes take_line(Bytes& rest, bool& has_end) {
  const void* found = std::memchr(rest.data(), '\n', rest.size());
  has_end = found != nullptr;
  const std::size_t length =
      has_end ? static_cast<std::size_t>(static_cast<const char*>(found) - rest.data())
              : rest.size();
  Bytes line = rest.substr(0, length);
  rest.remove_prefix(length + (has_end ? 1 : 0));
  if (has_end && line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// RFC 6376 §3.4.2
void append_relaxed_header(ByteString& out, Bytes raw) {
  const std::size_t colon = std::min(raw.find(':'), raw.size());
  Bytes name = raw.substr(0, colon);
  while (!name.empty() && is_wsp(name.back())) name.remove_suffix(1);
  for (const char byte : name) {
    out += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
  }
  out += ':';
  Bytes rest = raw.substr(std::min(colon + 1, raw.size()));
  const std::size_t value_at = out.size();
  bool is_blank_pending = false;
  bool has_end = false;
  while (!rest.empty()) {
    for (const char byte : take_line(rest, has_end)) {
      if (is_wsp(byte)) {
        is_blank_pending = true;
        continue;
      }
      if (is_blank_pending && out.size() > value_at) out += ' ';
      is_blank_pending = false;
      out += byte;
    }
  }
  out += "\r\n";
}

// Feeds canonical lines to a hash, up to a length, and counts them all.
class BodySink {
 public:
  explicit BodySink(const BodyHashRequest& request)
      : hasher_(hasher_of(request.digest)), left_(request.length_max) {}

  // Empty lines count only when something follows them (§3.4.3, §3.4.4).
  void empty_line() { ++empty_lines_; }
  void flush_empty_lines() {
    for (; empty_lines_ > 0; --empty_lines_) add("\r\n");
  }

  void add(Bytes bytes) {
    size_ += bytes.size();
    bytes = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
    left_ -= bytes.size();
    hashed_ += bytes.size();
    if (bytes.size() > sizeof buffer_ - used_) {
      hasher_.add({buffer_, used_});
      used_ = 0;
    }
    if (bytes.size() > sizeof buffer_) {
      hasher_.add(bytes);
      return;
    }
    std::memcpy(buffer_ + used_, bytes.data(), bytes.size());
    used_ += bytes.size();
  }

  std::uint64_t size() const { return size_; }

  BodyDigest finish() {
    hasher_.add({buffer_, used_});
    return {.digest = hasher_.finish(), .hashed = hashed_, .size = size_};
  }

 private:
  static crypto::Hasher& hasher_of(crypto::DigestKind kind) {
    thread_local crypto::Hasher sha1(crypto::DigestKind::sha1);
    thread_local crypto::Hasher sha256(crypto::DigestKind::sha256);
    return kind == crypto::DigestKind::sha1 ? sha1 : sha256;
  }

  crypto::Hasher& hasher_;
  std::uint64_t left_;
  std::uint64_t hashed_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t empty_lines_ = 0;
  std::size_t used_ = 0;
  char buffer_[8192];
};

// §3.4.3; a last line without line end gets one.
void feed_simple(BodySink& sink, Bytes body) {
  bool has_end = false;
  while (!body.empty()) {
    const Bytes line = take_line(body, has_end);
    if (line.empty()) {
      sink.empty_line();
      continue;
    }
    sink.flush_empty_lines();
    sink.add(line);
    sink.add("\r\n");
  }
  // An empty body is one empty line.
  if (sink.size() == 0) sink.add("\r\n");
}

// §3.4.4; an empty body stays empty.
void feed_relaxed(BodySink& sink, Bytes body) {
  bool has_end = false;
  while (!body.empty()) {
    Bytes line = take_line(body, has_end);
    while (!line.empty() && is_wsp(line.back())) line.remove_suffix(1);
    if (line.empty()) {
      sink.empty_line();
      continue;
    }
    sink.flush_empty_lines();
    while (!line.empty()) {
      // Up to the next run of blanks that is not a single space already.
      std::size_t end = 0;
      while (end < line.size() &&
             !(line[end] == '\t' || (line[end] == ' ' && is_wsp(line[end + 1])))) {
        ++end;
      }
      sink.add(line.substr(0, end));
      line.remove_prefix(end);
      if (line.empty()) break;
      while (is_wsp(line.front())) line.remove_prefix(1);
      sink.add(" ");
    }
    sink.add("\r\n");
  }
}

}  // namespace

void append_header(ByteString& out, Bytes raw, Canonicalization how) {
  if (how == Canonicalization::relaxed) return append_relaxed_header(out, raw);
  bool has_end = false;
  while (!raw.empty()) {
    out += take_line(raw, has_end);
    out += "\r\n";
  }
}

BodyDigest hash_body(Bytes body, const BodyHashRequest& request) {
  BodySink sink(request);
  if (request.how == Canonicalization::simple) {
    feed_simple(sink, body);
  } else {
    feed_relaxed(sink, body);
  }
  return sink.finish();
}

}  // namespace leakfs::dkim
