// SPDX-License-Identifier: GPL-3.0-or-later
// Zip: each member is a stream of its own in the file, found by the directory at its end. Where
// that one is damaged, the headers before the members are looked for.
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "index/archive/block_sums.h"
#include "index/archive/encryption.h"
#include "index/archive/handle.h"
#include "index/archive/walk_context.h"
#include "index/archive/zip_directory.h"
#include "index/archive/zip_member_decoder.h"
#include "index/archive/zip_place.h"
#include "index/archive/zip_search.h"
#include "index/codec/crc32.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t piece_size = 256 << 10;  // decoded at once
constexpr std::size_t target_size_max = 4096;  // of a link

// §4.4.5: those of them that occur, and that libarchive may not know.
const char* name_of_method(unsigned method) {
  switch (method) {
    case 1:
      return "shrunk";
    case 6:
      return "imploded";
    case 9:
      return "Deflate64";
    case 12:
      return "bzip2";
    case 14:
      return "LZMA";
    case 93:
      return "Zstandard";
    case 95:
      return "xz";
    case 96:
      return "JPEG";
    case 97:
      return "WavPack";
    case 98:
      return "PPMd";
    default:
      return "unknown";
  }
}

class ZipWalk {
 public:
  ZipWalk(WalkContext& context, ZipDirectory directory)
      : context_(context),
        input_(context.input()),
        directory_(std::move(directory)),
        places_(input_, directory_.shift()),
        coverage_(input_.size()),
        sums_(context.visitor()),
        buffer_(piece_size, '\0') {}

  Result<void> run() {
    report_directory();
    const auto shift = static_cast<std::uint64_t>(directory_.shift());
    for (std::size_t number = 0; number < directory_.size(); ++number) {
      const ZipEntry entry = directory_.entry(number);
      const std::uint64_t next = number + 1 < directory_.size()
                                     ? directory_.local_header(number + 1)
                                     : directory_.offset() - shift;
      const auto place = TRY(places_.find(entry, next, coverage_.whole_end()));
      TRY(walk_member(entry, place));
    }
    if (!directory_.is_whole() || is_header_lost_) TRY(search());
    report_overlaps();
    return {};
  }

 private:
  void report_directory() {
    if (!directory_.is_found()) {
      context_.loss(context_.source(), 0, "truncated",
                    "the zip has no directory at its end; its members were read one after the "
                    "other");
    } else if (!directory_.is_whole()) {
      context_.loss(context_.source(), 0, "damaged",
                    "the zip's directory is damaged; members that it does not list were looked "
                    "for");
    }
  }

  void report_overlaps() {
    if (overlapping_ == 0) return;
    context_.loss(context_.source(), overlap_at_, "overlap",
                  fmt::format("{} members lie in the bytes of others, as in zip bombs: they were "
                              "not read; the first is {}",
                              overlapping_, overlap_path_));
  }

  // What no member of the directory has may be a member whose entry in it is lost.
  Result<void> search() {
    is_searching_ = true;
    for (const auto& [begin, end] : coverage_.gaps()) {
      std::uint64_t from = begin;
      while (const auto found = TRY(find_member(input_, from, end))) {
        from = TRY(walk_member(found->entry, found->place)) ? end_ : found->place.data;
      }
    }
    return {};
  }

  // False if it is not whole.
  Result<bool> walk_member(const ZipEntry& entry, const std::optional<ZipPlace>& place) {
    Member member{.path = clean_path(entry.path.empty() ? "noname" : entry.path, context_.name()),
                  .kind = entry.kind,
                  .mtime = entry.mtime,
                  .link_target = {}};
    bool is_whole = place && (is_searching_ ? !coverage_.is_spent() : coverage_.admits(*place));
    if (member.kind == MemberKind::link && is_whole) {
      member.link_target = TRY(target_of(entry, *place));
    }
    TRY(context_.begin_member(member));
    if (!place) {
      is_header_lost_ = true;
      context_.loss(member.path, 0, "damaged",
                    "the zip's directory lists it, but it is not where that says");
    } else if (!is_whole) {
      if (overlapping_++ == 0) {
        overlap_at_ = place->begin;
        overlap_path_ = member.path;
      }
    } else {
      data_ = place->data;
      end_ = place->end;
      if (member.kind == MemberKind::file) is_whole = TRY(walk_content(member, entry, *place));
      coverage_.add({.begin = place->begin, .data = place->data, .end = end_}, is_whole);
      report_progress(end_);
    }
    TRY(context_.end_member(is_whole));
    return is_whole;
  }

  Result<ByteString> target_of(const ZipEntry& entry, const ZipPlace& place) {
    if (!entry.is_plain()) return ByteString();
    const codec::RangeInput range(input_, place.data, place.end - place.data);
    const auto decoder = TRY(plain_decoder(entry, range, {}));
    ByteString target(target_size_max, '\0');
    target.resize(TRY(decoder->read(target.data(), target.size())));
    return target;
  }

  static Result<std::unique_ptr<codec::Decoder>> plain_decoder(const ZipEntry& entry,
                                                               const codec::Input& range,
                                                               codec::PointVisitor visitor) {
    if (entry.method == ZipEntry::method_stored) return codec::open_plain(range);
    return codec::open(codec::Format::deflate, range, std::move(visitor));
  }

  Result<bool> walk_content(const Member& member, const ZipEntry& entry, const ZipPlace& place) {
    context_.set_secret(entry.is_encrypted());
    if (!entry.is_plain()) return walk_foreign(member, entry, place);
    StreamPlan plan{
        .kind = entry.method == ZipEntry::method_stored ? StreamKind::stored : StreamKind::deflate,
        .offset = place.data,
        .stored_length = place.end - place.data};
    const bool is_copied = context_.is_copy_wanted(true);
    codec::PointVisitor visitor = [this](codec::RestartPoint point) {
      sums_.point(point.offset);
      return context_.restart_point(stream_, std::move(point));
    };
    if (is_copied) visitor = {};
    const codec::RangeInput range(input_, plan.offset, plan.stored_length);
    const auto decoder = TRY(plain_decoder(entry, range, std::move(visitor)));
    return deliver(member, entry, *decoder, is_copied ? StreamPlan() : plan);
  }

  // What only libarchive can decode.
  Result<bool> walk_foreign(const Member& member, const ZipEntry& entry, const ZipPlace& place) {
    StreamPlan plan{.kind = StreamKind::zip_member,
                    .offset = place.begin,
                    .stored_length = place.end - place.begin};
    const codec::RangeInput range(input_, plan.offset, plan.stored_length);
    auto decoder = ZipMemberDecoder::open(range, context_.options().passphrase);
    if (!decoder && decoder.error().status == ExitStatus::passphrase) {
      if (is_opened_) {
        context_.loss(member.path, 0, "encrypted",
                      "it cannot be decrypted: it is damaged, or has a passphrase of its own");
      } else if (!std::exchange(is_encryption_reported_, true)) {
        TRY(report_encrypted(context_));
      }
      return false;
    }
    if (!decoder) {
      context_.loss(member.path, 0, "method",
                    fmt::format("its compression (method {}: {}) cannot be decoded here: unpack it "
                                "with another program and give mkleakfs the files; {}",
                                entry.method, name_of_method(entry.method), decoder.error().text));
      return false;
    }
    is_opened_ = is_opened_ || entry.is_encrypted();
    // What was encrypted is not to lie open in an index, unless that is asked for.
    const bool is_copied = !context_.is_secret() || context_.options().copy == CopyPolicy::all;
    if (!is_copied && entry.length > codec::point_distance_max) note_slow(context_);
    return deliver(member, entry, **decoder, is_copied ? StreamPlan() : plan);
  }

  // A plan to copy has no stream in the file. False if it is not whole.
  Result<bool> deliver(const Member& member, const ZipEntry& entry, codec::Decoder& decoder,
                       const StreamPlan& plan) {
    const Result<bool> is_whole = pass_on(member, entry, decoder, plan);
    // However it ended: what came is read again by its sums.
    TRY(sums_.end());
    return is_whole;
  }

  Result<bool> pass_on(const Member& member, ZipEntry entry, codec::Decoder& decoder,
                       const StreamPlan& plan) {
    std::uint64_t delivered = 0;
    std::uint32_t crc32 = 0;
    while (true) {
      const Bytes bytes(buffer_.data(), TRY(decoder.read(buffer_.data(), buffer_.size())));
      if (bytes.empty()) break;
      if (!context_.admits(bytes.size(), decoder.input_bytes())) return false;
      TRY(context_.count_output(bytes.size()));
      crc32 = codec::crc32(crc32, bytes);
      if (plan.kind == StreamKind::copied) {
        TRY(context_.loose_data(bytes));
      } else {
        if (delivered == 0) {
          stream_ = TRY(context_.begin_stream(plan));
          sums_.begin(stream_);
        }
        TRY(sums_.add(bytes));
        TRY(context_.member_data({.stream = stream_, .offset = delivered, .length = bytes.size()},
                                 bytes));
      }
      delivered += bytes.size();
      report_progress(plan.offset + decoder.input_bytes());
    }
    // Whatever the directory says.
    if (entry.is_plain()) end_ = data_ + decoder.input_bytes();
    const std::string why = TRY(damage_of(entry, decoder, delivered, crc32));
    if (!why.empty()) context_.loss(member.path, delivered, "damaged", why);
    return why.empty();
  }

  // Empty if it is what was packed.
  Result<std::string> damage_of(ZipEntry& entry, const codec::Decoder& decoder,
                                std::uint64_t delivered, std::uint32_t crc32) {
    if (decoder.damage()) return decoder.damage()->text;
    // A member that was searched for ends where its bytes end.
    const bool is_open = is_searching_ && entry.do_lengths_follow() && entry.length == 0;
    if (is_open && !TRY(take_descriptor(input_, end_, entry))) return std::string("it is cut");
    if (delivered != entry.length) {
      return fmt::format("it has {} bytes, and the zip promises {}", delivered, entry.length);
    }
    // WinZip's AE-2 has no checksum, but a code that libarchive has looked at.
    constexpr unsigned method_aes = 99;
    if (crc32 != entry.crc32 && !(entry.method == method_aes && entry.crc32 == 0)) {
      return std::string("its checksum is wrong: the bytes are not those that were packed");
    }
    return std::string();
  }

  // It never goes back here.
  void report_progress(std::uint64_t read) {
    progress_ = std::max(progress_, std::min(read, input_.size()));
    context_.progress(progress_);
  }

  WalkContext& context_;
  const codec::Input& input_;
  const ZipDirectory directory_;
  ZipPlaces places_;
  ZipCoverage coverage_;
  BlockSums sums_;  // of the current member, if it is not copied
  ByteString buffer_;
  std::uint64_t progress_ = 0;
  bool is_header_lost_ = false;          // of a member that the directory lists
  bool is_searching_ = false;            // behind the last member of the directory
  bool is_opened_ = false;               // the passphrase has opened a member
  bool is_encryption_reported_ = false;  // once, for all members
  std::uint64_t overlapping_ = 0;
  std::uint64_t overlap_at_ = 0;
  ByteString overlap_path_;

  // The current member.
  StreamId stream_;
  std::uint64_t data_ = 0;  // of its place, as far as it was read
  std::uint64_t end_ = 0;
};

}  // namespace

Result<void> walk_zip(WalkContext& context) {
  return ZipWalk(context, TRY(ZipDirectory::read(context.input()))).run();
}

}  // namespace leakfs::archive
