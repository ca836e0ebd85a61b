// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/finds.h"

#include <array>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include "index/build/batch.h"

namespace leakfs::build {
namespace {

enum class FindKind : std::uint8_t {
  stream,
  stream_length,
  sums,
  member,
  extent,
  member_problem,
  problem,
  input,
  failure,
};

constexpr std::size_t texts_max = 3;

// One head for all: most of its fields are not used by most of them, and few are sent.
struct FindHead {
  FindKind kind = FindKind::stream;
  std::uint8_t member_kind = 0;
  std::uint8_t flag = 0;     // whether there is a time, a loss, a whole input
  std::uint32_t number = 0;  // of the stream or member; the exit status of a failure
  std::int64_t value = 0;    // length, time, offset, count, errno
  archive::StreamPlan plan;
  Extent extent;
  std::array<std::uint32_t, texts_max> text_length = {};
};

void append_find(ByteString& bytes, FindHead head, std::initializer_list<Bytes> texts) {
  std::size_t i = 0;
  for (const Bytes text : texts) head.text_length[i++] = static_cast<std::uint32_t>(text.size());
  append_head(bytes, head);
  for (const Bytes text : texts) bytes += text;
}

FindHead head_of(FindKind kind, const Problem& problem, std::uint32_t member) {
  return {.kind = kind,
          .flag = static_cast<std::uint8_t>(problem.is_loss),
          .number = member,
          .value = static_cast<std::int64_t>(problem.offset)};
}

Problem problem_of(const FindHead& head, const std::array<std::string, texts_max>& texts) {
  return {.source = texts[0],
          .offset = static_cast<std::uint64_t>(head.value),
          .kind = texts[1],
          .detail = texts[2],
          .is_loss = head.flag != 0};
}

// A bool that is neither true nor false must not be looked at as one.
bool is_bool(const bool& value) {
  std::uint8_t byte = 0;
  std::memcpy(&byte, &value, 1);
  return byte <= 1;
}

bool is_one_of_ours(const FindHead& head) {
  return is_bool(head.plan.is_nested) && head.kind <= FindKind::failure &&
         head.member_kind <= static_cast<std::uint8_t>(archive::MemberKind::special) &&
         head.plan.kind <= archive::StreamKind::zip_member;
}

void tell(const FindHead& head, const std::array<std::string, texts_max>& texts,
          FindsVisitor& visitor) {
  switch (head.kind) {
    case FindKind::stream:
      return visitor.stream(head.plan);
    case FindKind::stream_length:
      return visitor.stream_length({head.number}, static_cast<std::uint64_t>(head.value));
    case FindKind::sums:
      return visitor.sums({.stream = head.extent.stream,
                           .offset = head.extent.offset,
                           .length = head.extent.length,
                           .sums = texts[0]});
    case FindKind::member:
      return visitor.member({.path = texts[0],
                             .kind = static_cast<archive::MemberKind>(head.member_kind),
                             .mtime = head.flag != 0 ? std::optional(head.value) : std::nullopt,
                             .link_target = texts[1]});
    case FindKind::extent:
      return visitor.extent(head.number, head.extent);
    case FindKind::member_problem:
      return visitor.member_problem(head.number, problem_of(head, texts));
    case FindKind::problem:
      return visitor.problem(problem_of(head, texts));
    case FindKind::input:
      return visitor.input({.name = texts[0],
                            .members = static_cast<std::uint64_t>(head.value),
                            .is_whole = head.flag != 0});
    case FindKind::failure:
      return visitor.failure({.status = static_cast<ExitStatus>(head.number),
                              .number = static_cast<int>(head.value),
                              .text = texts[0],
                              .hint = texts[1]});
  }
}

}  // namespace

void FindsWriter::stream(const archive::StreamPlan& plan) {
  append_find(bytes_, {.kind = FindKind::stream, .plan = plan}, {});
}

void FindsWriter::stream_length(StreamId stream, std::uint64_t length) {
  append_find(bytes_,
              {.kind = FindKind::stream_length,
               .number = stream.raw,
               .value = static_cast<std::int64_t>(length)},
              {});
}

void FindsWriter::sums(const archive::SumGroup& group) {
  append_find(bytes_,
              {.kind = FindKind::sums,
               .extent = {.stream = group.stream, .offset = group.offset, .length = group.length}},
              {group.sums});
}

void FindsWriter::member(const archive::Member& member) {
  append_find(bytes_,
              {.kind = FindKind::member,
               .member_kind = static_cast<std::uint8_t>(member.kind),
               .flag = static_cast<std::uint8_t>(member.mtime.has_value()),
               .value = member.mtime.value_or(0)},
              {member.path, member.link_target});
}

void FindsWriter::extent(std::uint32_t member, const Extent& extent) {
  append_find(bytes_, {.kind = FindKind::extent, .number = member, .extent = extent}, {});
}

void FindsWriter::member_problem(std::uint32_t member, Problem problem) {
  append_find(bytes_, head_of(FindKind::member_problem, problem, member),
              {problem.source, problem.kind, problem.detail});
}

void FindsWriter::problem(Problem problem) {
  append_find(bytes_, head_of(FindKind::problem, problem, 0),
              {problem.source, problem.kind, problem.detail});
}

void FindsWriter::input(const archive::InputSummary& summary) {
  append_find(bytes_,
              {.kind = FindKind::input,
               .flag = static_cast<std::uint8_t>(summary.is_whole),
               .value = static_cast<std::int64_t>(summary.members)},
              {summary.name});
}

void FindsWriter::failure(Error error) {
  append_find(bytes_,
              {.kind = FindKind::failure,
               .number = static_cast<std::uint32_t>(error.status),
               .value = error.number},
              {error.text, error.hint});
}

bool read_finds(Bytes finds, FindsVisitor& visitor) {
  FlatReader reader(finds);
  while (const std::optional<FindHead> head = reader.head<FindHead>()) {
    if (!is_one_of_ours(*head)) return false;
    std::array<std::string, texts_max> texts;
    for (std::size_t i = 0; i < texts_max; ++i) {
      texts[i] = reader.bytes(head->text_length[i]);
      if (texts[i].size() != head->text_length[i]) return false;
    }
    tell(*head, texts, visitor);
  }
  return reader.is_at_end();
}

}  // namespace leakfs::build
