// SPDX-License-Identifier: GPL-3.0-or-later
// gumbo builds the tree of the HTML standard, as browsers do. It is neither linear nor bounded:
// elements in scope are searched for at each tag, open formatting elements are made again in each
// paragraph, attributes are compared with each other, and freeing a tree recurses. So it is given
// what a first pass found harmless, in memory of a budget; all else is read without a tree.
#include "index/mail/html.h"

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <memory>
#include <vector>

#include <gumbo.h>

#include "index/mail/html_entity.h"
#include "index/mail/html_scan.h"
#include "index/mail/html_writer.h"

namespace leakfs::mail {
namespace {

constexpr std::size_t tree_size_max = 1 << 20;      // bytes of HTML that gumbo is given
constexpr std::size_t tree_memory_max = 128 << 20;  // bytes that it may allocate for them
constexpr std::size_t attributes_max = 64;          // of one tag
constexpr std::size_t open_search_max = 16;         // elements that an end tag is looked for in

// Elements without content or with an optional end tag: these are closed by what follows.
bool nests(std::string_view name) {
  static constexpr std::string_view names[] = {
      "area",     "base",  "basefont", "bgsound", "body",   "br",    "caption",  "col",
      "colgroup", "dd",    "dt",       "embed",   "frame",  "head",  "hr",       "html",
      "image",    "img",   "input",    "li",      "link",   "meta",  "optgroup", "option",
      "p",        "param", "rp",       "rt",      "source", "tbody", "td",       "tfoot",
      "th",       "thead", "tr",       "track",   "wbr"};
  return std::ranges::find(names, name) == std::end(names);
}

// Elements that an end tag does not reach beyond (§13.2.4.2), and select, which ignores most.
bool is_scope(std::string_view name) {
  return name == "table" || name == "select" || name == "object" || name == "applet" ||
         name == "marquee" || name == "button";
}

// Elements in which the rules of the scanner do not hold.
bool is_foreign(std::string_view name) {
  return name == "svg" || name == "math" || name == "template" || name == "frameset" ||
         name == "plaintext";
}

std::uint64_t key_of(std::string_view name) {
  std::uint64_t key = 0;
  for (const char c : name.substr(0, 8)) key = (key << 8) | static_cast<unsigned char>(c);
  return key;
}

struct OpenElement {
  std::uint64_t key = 0;  // key_of() its name
  bool is_scope = false;
};

// Never counts fewer open elements than gumbo would have, up to what memory bounds: an end tag
// closes but its own element, and only near the top.
class NestingJudge {
 public:
  bool accepts(const HtmlToken& token) {
    if (token.kind == HtmlToken::Kind::raw_text) return accepts_raw(token);
    const std::string_view name = token.name();
    if (token.kind == HtmlToken::Kind::start_tag) {
      if (is_foreign(name) || token.attributes > attributes_max) return false;
      has_select_ = has_select_ || name == "select";
      if (!nests(name) || is_raw_text_element(name)) return true;
      open_.push_back({.key = key_of(name), .is_scope = is_scope(name)});
      return open_.size() <= html_depth_max;
    }
    if (token.kind == HtmlToken::Kind::end_tag) close(key_of(name));
    return true;
  }

 private:
  // A title in a select is not raw text, and "<!--<script>" makes a script go on after its end tag.
  bool accepts_raw(const HtmlToken& token) const {
    return !has_select_ && (token.name() != "script" || !token.text.contains("<!--"));
  }

  void close(std::uint64_t key) {
    for (std::size_t i = 0; i < std::min(open_.size(), open_search_max); ++i) {
      const auto element = open_.end() - 1 - static_cast<std::ptrdiff_t>(i);
      if (element->key == key) {
        open_.erase(element);
        return;
      }
      if (element->is_scope) return;
    }
  }

  std::vector<OpenElement> open_;
  bool has_select_ = false;
};

bool is_harmless(std::string_view html) {
  if (html.size() > tree_size_max) return false;
  HtmlScanner scanner(html);
  HtmlToken token;
  NestingJudge judge;
  while (scanner.next(token)) {
    if (!judge.accepts(token)) return false;
  }
  return true;
}

// The memory of one tree. Nothing is given back before all is, so that a tree need not be walked
// to be freed.
class Arena {
 public:
  // Where to go when the budget is used up: gumbo takes every allocation for a success, and as C
  // it has nothing that leaving it could miss.
  std::jmp_buf exhausted;

  static void* allocate(void* arena, std::size_t size) {
    return static_cast<Arena*>(arena)->take(size);
  }
  static void release(void* /*arena*/, void* /*memory*/) {}

 private:
  static constexpr std::size_t block_size = 64 << 10;

  void* take(std::size_t size) {
    constexpr std::size_t alignment = alignof(std::max_align_t);
    size = (size + alignment - 1) / alignment * alignment;
    if (size > left_) {
      const std::size_t wanted = std::max(size, block_size);
      if (wanted > tree_memory_max - used_) {
        std::longjmp(exhausted, 1);  // NOLINT(cert-err52-cpp): over frames of C only
      }
      used_ += wanted;
      // An array made by new is aligned for every type.
      blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(wanted));
      next_ = blocks_.back().get();
      left_ = wanted;
    }
    void* memory = next_;
    next_ += size;
    left_ -= size;
    return memory;
  }

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t used_ = 0;
};

// The tree, which lives as long as the arena; null if that was too small.
const GumboNode* build_tree(Arena& arena, std::string_view html) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = Arena::allocate;
  options.deallocator = Arena::release;
  options.userdata = &arena;
  options.max_errors = 0;
  if (setjmp(arena.exhausted) != 0) return nullptr;  // NOLINT(cert-err52-cpp)
  return gumbo_parse_with_options(&options, html.data(), html.size())->document;
}

const GumboVector* children_of(const GumboNode& node) {
  if (node.type == GUMBO_NODE_DOCUMENT) return &node.v.document.children;
  if (node.type == GUMBO_NODE_ELEMENT) return &node.v.element.children;
  return nullptr;
}

HtmlDisplay display_of(const GumboNode& node) {
  if (node.type != GUMBO_NODE_ELEMENT) return HtmlDisplay::inline_text;
  return html_display(gumbo_normalized_tagname(node.v.element.tag));
}

std::string_view attribute_of(const GumboNode& node, const char* name) {
  const GumboAttribute* attribute = gumbo_get_attribute(&node.v.element.attributes, name);
  return attribute == nullptr ? std::string_view() : attribute->value;
}

void write_image(HtmlWriter& writer, std::string_view description) {
  if (description.find_first_not_of(" \t\r\n") == std::string_view::npos) return;
  writer.text("[");
  writer.text(description);
  writer.text("]");
}

void write_leaf(HtmlWriter& writer, const GumboNode& node) {
  if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE ||
      node.type == GUMBO_NODE_CDATA) {
    writer.text(node.v.text.text);
  }
}

void write_tree(HtmlWriter& writer, const GumboNode& root) {
  struct Frame {
    const GumboNode* node;
    HtmlDisplay display;
    unsigned next_child;
  };
  std::vector<Frame> path = {{&root, HtmlDisplay::inline_text, 0}};
  while (!path.empty()) {
    Frame& frame = path.back();
    const GumboVector& children = *children_of(*frame.node);
    if (frame.next_child == children.length) {
      writer.end(frame.display);
      path.pop_back();
      continue;
    }
    const auto& child = *static_cast<const GumboNode*>(children.data[frame.next_child++]);
    if (children_of(child) == nullptr) {
      write_leaf(writer, child);
      continue;
    }
    const HtmlDisplay display = display_of(child);
    if (display == HtmlDisplay::hidden) continue;
    if (display == HtmlDisplay::image) write_image(writer, attribute_of(child, "alt"));
    const bool is_link = display == HtmlDisplay::link;
    writer.start(display, is_link ? attribute_of(child, "href") : std::string_view());
    path.push_back({&child, display, 0});
  }
}

std::string decoded_attribute(const HtmlToken& token, std::string_view name) {
  std::string value;
  append_decoded_entities(value, html_attribute(token.text, name));
  return value;
}

// Text without a tree: each tag does to the line what it does, wherever it stands.
std::string strip_tags(std::string_view html) {
  HtmlWriter writer(html.size() / 2);
  HtmlScanner scanner(html);
  HtmlToken token;
  std::string decoded;
  while (scanner.next(token)) {
    const bool is_text = token.kind == HtmlToken::Kind::text;
    const HtmlDisplay display = is_text ? HtmlDisplay::inline_text : html_display(token.name());
    if (display == HtmlDisplay::hidden) continue;
    switch (token.kind) {
      case HtmlToken::Kind::text:
      case HtmlToken::Kind::raw_text:
        decoded.clear();
        append_decoded_entities(decoded, token.text);
        writer.text(decoded);
        break;
      case HtmlToken::Kind::start_tag:
        if (display == HtmlDisplay::image) {
          write_image(writer, decoded_attribute(token, "alt"));
        } else if (display == HtmlDisplay::link) {
          writer.start(display, decoded_attribute(token, "href"));
        } else {
          writer.start(display);
        }
        break;
      case HtmlToken::Kind::end_tag:
        writer.end(display);
        break;
    }
  }
  return writer.finish();
}

}  // namespace

std::string html_to_text(std::string_view html) {
  if (is_harmless(html)) {
    Arena arena;
    if (const GumboNode* root = build_tree(arena, html)) {
      HtmlWriter writer(html.size() / 2);
      write_tree(writer, *root);
      return writer.finish();
    }
  }
  return strip_tags(html);
}

}  // namespace leakfs::mail
