// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/text.h"

#include <fmt/format.h>

#include "tools/sample/charset.h"

namespace leakfs::sample {
namespace {

constexpr std::size_t columns = 72;

const std::string& signature_of(const Draft& draft) {
  return draft.from->name.empty() ? draft.from->address : draft.from->name;
}

// A number of the range kept for fiction.
std::string phone_of(const Draft& draft) {
  const std::uint64_t number = draft.seed % 10'000;
  return fmt::format("+33 1 99 00 {:02} {:02}", number / 100, number % 100);
}

std::string escaped(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  for (const char byte : text) {
    if (byte == '<') {
      html += "&lt;";
    } else if (byte == '>') {
      html += "&gt;";
    } else if (byte == '&') {
      html += "&amp;";
    } else {
      html += byte;
    }
  }
  return html;
}

}  // namespace

std::string plain_text(const Draft& draft) {
  std::string text = draft.letter.greeting + "\r\n\r\n";
  for (const std::string& paragraph : draft.letter.paragraphs) {
    text += wrapped(paragraph, columns, "") + "\r\n";
  }
  text += draft.letter.closing + "\r\n" + signature_of(draft) + "\r\n";
  if (draft.seed % 3 == 0) {
    text += fmt::format("\r\n--\r\n{}\r\n{}\r\n", draft.from->domain, phone_of(draft));
  }
  if (draft.quotation) {
    text += "\r\n" + wrapped(draft.quotation->introduction, columns, "");
    text += wrapped(draft.quotation->text, columns, "> ");
  }
  return text;
}

std::string html_text(const Draft& draft, std::span<const std::string> images) {
  std::string html = fmt::format(
      "<html>\r\n<head>\r\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset={}\">\r\n"
      "<style type=\"text/css\">p {{ margin: 0 0 1em; font-family: Calibri, sans-serif; }}</style>"
      "\r\n</head>\r\n<body>\r\n",
      name_of(draft.charset));
  html += fmt::format("<p>{}</p>\r\n", escaped(draft.letter.greeting));
  for (const std::string& paragraph : draft.letter.paragraphs) {
    html += wrapped(fmt::format("<p>{}</p>", escaped(paragraph)), columns, "");
  }
  html += fmt::format("<p>{}<br>\r\n<b>{}</b></p>\r\n", escaped(draft.letter.closing),
                      escaped(signature_of(draft)));
  for (const std::string& image : images) {
    html += fmt::format("<div><img src=\"cid:{}\" alt=\"\"></div>\r\n", image);
  }
  if (draft.quotation) {
    html += wrapped(escaped(draft.quotation->introduction), columns, "");
    html += "<blockquote type=\"cite\">\r\n";
    html += wrapped(escaped(draft.quotation->text), columns, "");
    html += "</blockquote>\r\n";
  }
  html += "</body>\r\n</html>\r\n";
  return html;
}

}  // namespace leakfs::sample
