// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/text.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "index/base/line.h"
#include "index/base/utf8.h"
#include "index/mail/charset.h"
#include "index/mail/encoded_word.h"
#include "index/mail/header.h"
#include "index/mail/html.h"
#include "index/mail/transfer.h"

namespace leakfs::mail {
namespace {

// Messages within messages that are indented further each time; deeper and larger ones are not, or
// their prefixes would outgrow their text.
constexpr int indent_max = 10;
constexpr std::size_t indented_size_max = 8 << 20;

// What an attached message shows of its header.
constexpr auto shown_fields = std::to_array<std::string_view>({"From", "To", "Date", "Subject"});

// Line ends of any kind as LF.
std::string with_lf(std::string text) {
  if (text.find('\r') == std::string::npos) return text;
  std::string lines;
  lines.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      lines += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      // CR CR LF, a relic of transfers in text mode, is one end.
      if (!text.substr(i + 1, 2).starts_with("\r\n")) lines += '\n';
    }
  }
  return lines;
}

std::size_t quote_depth(std::string_view line) {
  return std::min(line.find_first_not_of('>'), line.size());
}

// RFC 3676 §4: a line that ends with a space goes on in the next one of the same quote depth.
std::string unflow(std::string_view text, bool is_delsp) {
  constexpr std::string_view signature = "-- ";  // §4.3: never flows
  std::string result;
  result.reserve(text.size());
  std::size_t open_depth = std::string_view::npos;  // of the line that goes on
  while (!text.empty()) {
    std::string_view line = take_line(text);
    const std::size_t depth = quote_depth(line);
    std::string_view content = line.substr(depth);
    if (content.starts_with(' ')) content.remove_prefix(1);  // §4.4: stuffed
    const bool is_joined = open_depth == depth && content != signature;
    if (!is_joined) {
      if (open_depth != std::string_view::npos) result += '\n';
      result.append(depth, '>');
      if (depth > 0) result += ' ';
    }
    const bool is_open = content.ends_with(' ') && content != signature;
    if (is_open && is_delsp) content.remove_suffix(1);
    result += content;
    if (!is_open) result += '\n';
    open_depth = is_open ? depth : std::string_view::npos;
  }
  if (open_depth != std::string_view::npos) result += '\n';
  return result;
}

bool is_empty(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

class Renderer {
 public:
  Renderer(Bytes message, const Structure& structure)
      : message_(message), parts_(structure.parts), children_(structure.parts.size()) {
    for (std::size_t i = 1; i < parts_.size(); ++i) {
      children_[static_cast<std::size_t>(parts_[i].parent)].push_back(i);
    }
  }

  std::string body() { return render(0, 0); }

 private:
  // As deep as depth_max.
  std::string render(std::size_t number, int indent) {
    const Part& part = parts_[number];
    switch (part.kind) {
      case PartKind::leaf:
        return part.is_shown ? leaf(part) : std::string();
      case PartKind::message:
        return attached_message(number, indent);
      case PartKind::multipart:
        break;
    }
    if (part.type == "multipart/alternative") return alternative(number, indent);
    std::string text;
    for (const std::size_t child : children_[number]) append(text, render(child, indent));
    return text;
  }

  // Each piece on lines of its own, an empty line between them.
  static void append(std::string& text, std::string_view piece) {
    if (piece.empty()) return;
    if (!text.empty()) text += '\n';
    text += piece;
  }

  // The first alternative that has plain text, else the first that says anything.
  std::string alternative(std::size_t number, int indent) {
    std::string other;
    for (const std::size_t child : children_[number]) {
      std::string text = render(child, indent);
      if (is_empty(text)) continue;
      if (has_plain_text(child)) return text;
      if (other.empty()) other = std::move(text);
    }
    return other;
  }

  bool has_plain_text(std::size_t number) const {
    const Part& part = parts_[number];
    if (part.kind == PartKind::leaf) return part.is_shown && part.type == "text/plain";
    return std::ranges::any_of(children_[number],
                               [this](std::size_t child) { return has_plain_text(child); });
  }

  std::string attached_message(std::size_t number, int indent) {
    const bool is_indented = indent < indent_max;
    std::string text;
    for (const std::size_t child : children_[number]) {
      text += front(parts_[child].header.of(message_));
      append(text, render(child, indent + 1));
    }
    return is_indented && text.size() <= indented_size_max ? indented(text) : text;
  }

  static std::string front(Bytes header_bytes) {
    const Header header = parse_header(header_bytes);
    std::string text;
    for (const std::string_view name : shown_fields) {
      const Field* field = header.first(name);
      if (field == nullptr) continue;
      text.append(name).append(": ").append(one_line(decode_text(field->value))) += '\n';
    }
    return text;
  }

  static std::string indented(std::string_view text) {
    std::string result;
    result.reserve(text.size() + text.size() / 16);
    while (!text.empty()) {
      const std::string_view line = take_line(text);
      result.append(line.empty() ? ">" : "> ").append(line) += '\n';
    }
    return result;
  }

  std::string leaf(const Part& part) const {
    const Bytes encoded = part.body.of(message_);
    std::string text = part.encoding == TransferEncoding::identity
                           ? to_utf8(encoded, part.charset)
                           : to_utf8(decode_transfer(encoded, part.encoding), part.charset);
    // RFC 3629 §6: at the start it is a signature, and no text.
    if (text.starts_with("\uFEFF")) text.erase(0, 3);
    if (part.type == "text/html") {
      text = html_to_text(text);
    } else {
      text = with_lf(std::move(text));
      if (part.is_format_flowed) text = unflow(text, part.is_delsp);
    }
    text = terminal_safe(text);
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    return text;
  }

  Bytes message_;
  const std::vector<Part>& parts_;
  std::vector<std::vector<std::size_t>> children_;
};

}  // namespace

std::string render_body(Bytes message, const Structure& structure) {
  return Renderer(message, structure).body();
}

}  // namespace leakfs::mail
