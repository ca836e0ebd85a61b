// SPDX-License-Identifier: GPL-3.0-or-later
// mimetic walks the structure; what it sees and where it stops is ours. Its header parser is
// quadratic and loses bytes, and its boundary search matches in mid-line, so
//   - at the start of an entity it reads a header that we wrote, of one field at most, from what
//     our own parser found in the real one;
//   - its body hook, copy_until_boundary(), is overridden: lines are compared whole, and an outer
//     boundary ends every multipart within.
// It never sees a byte of the message, so none can make it fail.
#include "index/mail/mime.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include <mimetic/mimetic.h>

#include "index/mail/entity.h"

namespace leakfs::mail {
namespace {

bool is_white(char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

// The message as mimetic's iterators read it.
class Feed {
 public:
  virtual ~Feed() = default;
  virtual char current() = 0;
  virtual void advance() = 0;
  virtual bool is_at_end() const = 0;
};

struct Iterator {
  Feed* feed = nullptr;  // null: the end
  char operator*() const { return feed->current(); }
  Iterator& operator++() {
    feed->advance();
    return *this;
  }
  bool operator==(const Iterator& other) const {
    return feed == other.feed || (feed != nullptr ? feed : other.feed)->is_at_end();
  }
  bool operator!=(const Iterator& other) const { return !(*this == other); }
};

using MimeticParser = mimetic::IteratorParser<Iterator, std::input_iterator_tag>;

// What a line is to the open multiparts.
struct BoundaryLine {
  std::size_t at = 0;     // its offset
  std::size_t level = 0;  // of the multipart that it belongs to; 0 is the outermost
  bool is_closing = false;
};

class Parser final : private Feed, private MimeticParser {
 public:
  Parser(Bytes message, const Header& header, mimetic::MimeEntity& entity)
      : MimeticParser(entity), message_(message), root_header_(&header) {}

  Structure take() {
    try {
      run(Iterator{this}, Iterator{});
    } catch (const std::exception&) {
      structure_.is_unclosed = true;  // what was found so far stands
    }
    structure_.is_unclosed |= !boundaries_.empty();
    close_parts(0);
    drop_childless();
    return std::move(structure_);
  }

 private:
  char current() override {
    if (header_at_ == header_.size()) begin_entity();
    return header_[header_at_];
  }
  void advance() override { ++header_at_; }
  bool is_at_end() const override {
    return header_at_ == header_.size() && !is_entity_pending_ && at_ == message_.size();
  }

  void begin_entity();
  Entity read_entity(int parent);
  void copy_until_boundary(mimetic::ParsingElem element) override;
  void close_parts(std::size_t depth);
  void drop_childless();

  Bytes header_section(bool is_message) const;
  std::optional<BoundaryLine> boundary_at(std::size_t at) const;
  std::optional<BoundaryLine> next_boundary() const;
  std::size_t next_line(std::size_t at) const {
    const std::size_t end = message_.find('\n', at);
    return end == Bytes::npos ? message_.size() : end + 1;
  }
  // `end` without the line end before it, which belongs to the boundary (RFC 2046 §5.1.1).
  std::size_t without_line_end(std::size_t end) const {
    if (end > at_ && message_[end - 1] == '\n') --end;
    if (end > at_ && message_[end - 1] == '\r') --end;
    return end;
  }

  Bytes message_;
  const Header* root_header_;  // null once used
  Structure structure_;

  std::size_t at_ = 0;           // start of the line where reading goes on
  std::size_t content_end_ = 0;  // of what was read last
  std::vector<std::size_t> open_parts_;
  std::vector<std::string> boundaries_;  // "--" and the parameter, of the open multiparts
  std::string opening_boundary_;         // of the multipart whose header was shown last

  std::string header_;  // as shown to mimetic
  std::size_t header_at_ = 0;
  bool is_entity_pending_ = true;  // the next thing read is a header
};

// What may be a header: up to its empty line or to a boundary, whichever is first. A part that
// starts with an empty line has none; an attached message may have some above it.
Bytes Parser::header_section(bool is_message) const {
  const std::size_t limit = std::min(message_.size(), at_ + header_size_max + 1);
  std::size_t line = at_;
  bool is_started = !is_message;
  while (line < limit && !boundary_at(line)) {
    const std::size_t next = next_line(line);
    const bool is_empty = Bytes("\r\n").ends_with(message_.substr(line, next - line));
    line = next;
    if (is_empty && is_started) break;
    is_started |= !is_empty;
  }
  return message_.substr(at_, line - at_);
}

// The entity at `at_`, its ranges set but for the length of its body.
Entity Parser::read_entity(int parent) {
  Entity entity;
  std::size_t header_length = 0;
  if (root_header_ != nullptr) {
    entity = describe_entity(*root_header_, false);
    header_length = root_header_->body_offset;
    root_header_ = nullptr;
  } else {
    const Part& around = structure_.parts[static_cast<std::size_t>(parent)];
    const bool is_message = around.kind == PartKind::message;
    const Header header = parse_header(header_section(is_message));
    const bool is_headless = header.fields.empty() && header.flags.has_junk && !is_message;
    header_length = is_headless ? 0 : header.body_offset;
    entity = describe_entity(header, around.type == "multipart/digest");
  }
  entity.part.parent = parent;
  entity.part.header = {.offset = at_, .length = header_length};
  entity.part.body = {.offset = at_ + header_length, .length = 0};
  return entity;
}

void Parser::begin_entity() {
  close_parts(m_entityStack.size() - 1);
  const int parent = open_parts_.empty() ? -1 : static_cast<int>(open_parts_.back());
  Entity entity = read_entity(parent);
  Part& part = entity.part;
  structure_.is_parameters_cut |= entity.is_parameters_cut;
  if (part.kind != PartKind::leaf && open_parts_.size() >= depth_max) {
    structure_.is_depth_cut = true;
    make_leaf(part);
  }
  if (part.kind != PartKind::leaf && structure_.parts.size() + 1 == parts_max) {
    structure_.is_parts_cut = true;
    make_leaf(part);
  }
  header_ = part.kind == PartKind::multipart ? "Content-Type: multipart/mixed\r\n\r\n"
            : part.kind == PartKind::message ? "Content-Type: message/rfc822\r\n\r\n"
                                             : "\r\n";
  header_at_ = 0;
  is_entity_pending_ = part.kind == PartKind::message;
  opening_boundary_ = "--" + entity.boundary;
  at_ = part.body.offset;
  content_end_ = at_;
  open_parts_.push_back(structure_.parts.size());
  structure_.parts.push_back(std::move(part));
}

// Innermost first, for a boundary that is used again within. A whole line, but for blanks at its
// end, so that one boundary may begin with another.
std::optional<BoundaryLine> Parser::boundary_at(std::size_t at) const {
  if (boundaries_.empty() || message_.compare(at, 2, "--") != 0) return std::nullopt;
  Bytes line = message_.substr(at, next_line(at) - at);
  while (!line.empty() && is_white(line.back())) line.remove_suffix(1);
  for (std::size_t level = boundaries_.size(); level-- > 0;) {
    if (!line.starts_with(boundaries_[level])) continue;
    const Bytes rest = line.substr(boundaries_[level].size());
    if (rest.empty() || rest == "--") {
      return BoundaryLine{.at = at, .level = level, .is_closing = !rest.empty()};
    }
  }
  return std::nullopt;
}

std::optional<BoundaryLine> Parser::next_boundary() const {
  // After parts_max the rest is one part.
  if (boundaries_.empty() || structure_.is_parts_cut) return std::nullopt;
  for (std::size_t line = at_; line < message_.size(); line = next_line(line)) {
    if (message_[line] != '-') continue;
    if (const std::optional<BoundaryLine> found = boundary_at(line)) return found;
  }
  return std::nullopt;
}

// mimetic calls it for the preamble, for the body of a leaf and for the epilogue.
void Parser::copy_until_boundary(mimetic::ParsingElem element) {
  if (element == pePreamble) boundaries_.push_back(opening_boundary_);
  if (element == peEpilogue) boundaries_.pop_back();
  std::optional<BoundaryLine> found = next_boundary();
  if (found && !found->is_closing && structure_.parts.size() == parts_max) {
    structure_.is_parts_cut = true;
    Part& last = structure_.parts.back();
    last.body.length = message_.size() - last.body.offset;
    found.reset();
  }
  const std::size_t end = found ? found->at : message_.size();
  if (end > at_) content_end_ = found ? without_line_end(end) : end;
  if (element == peBody) {
    Range& body = structure_.parts[open_parts_.back()].body;
    body.length = content_end_ - body.offset;
  }
  at_ = end;
  m_lastBoundary = NoBoundary;
  if (!found) return;
  m_lastBoundary = ClosingBoundary;
  if (found->level + 1 < boundaries_.size()) {
    // An outer boundary ends this multipart too; it is left for the one it belongs to.
    structure_.is_unclosed = true;
    return;
  }
  const std::size_t behind = next_line(at_);
  if (found->is_closing) {
    content_end_ = without_line_end(behind);
  } else {
    m_lastBoundary = Boundary;
    is_entity_pending_ = true;
  }
  at_ = behind;
}

void Parser::close_parts(std::size_t depth) {
  while (open_parts_.size() > depth) {
    Part& part = structure_.parts[open_parts_.back()];
    if (part.kind != PartKind::leaf) part.body.length = content_end_ - part.body.offset;
    open_parts_.pop_back();
  }
}

// A multipart whose boundary never comes is the text that it holds.
void Parser::drop_childless() {
  std::vector<bool> has_child(structure_.parts.size());
  for (const Part& part : structure_.parts) {
    if (part.parent >= 0) has_child[static_cast<std::size_t>(part.parent)] = true;
  }
  for (std::size_t i = 0; i < has_child.size(); ++i) {
    Part& part = structure_.parts[i];
    if (part.kind != PartKind::leaf && !has_child[i]) {
      part.kind = PartKind::leaf;
      make_leaf(part);
    }
  }
}

}  // namespace

Structure parse_structure(Bytes message, const Header& header) {
  // Most mail has one part; it needs no parser.
  Entity root = describe_entity(header, false);
  if (root.part.kind == PartKind::leaf) {
    Structure structure;
    structure.is_parameters_cut = root.is_parameters_cut;
    root.part.header = {.offset = 0, .length = header.body_offset};
    root.part.body = {.offset = header.body_offset, .length = message.size() - header.body_offset};
    structure.parts.push_back(std::move(root.part));
    return structure;
  }
  mimetic::MimeEntity entity;
  return Parser(message, header, entity).take();
}

}  // namespace leakfs::mail
