// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/truth.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "index/base/hex.h"
#include "index/crypto/digest.h"

namespace leakfs::sample {
namespace {

constexpr std::size_t id_digits = 16;

// RFC 4180 §2
void append_cell(std::string& line, std::string_view text) {
  if (!line.empty()) line += ',';
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char byte : text) {
    if (byte == '"') line += '"';
    line += byte;
  }
  line += '"';
}

std::string addresses(const std::vector<const Person*>& people) {
  std::string list;
  for (const Person* person : people) {
    if (!list.empty()) list += ' ';
    list += person->key;
  }
  return list;
}

// Whether the sender's own domain is among those that verify.
std::string_view aligned(const TruthRow& row) {
  return std::ranges::find(row.domains, row.draft.from->domain) == row.domains.end() ? "no" : "yes";
}

}  // namespace

std::string truth_header() {
  return "id,date,date_source,from,from_name,to,cc,subject,message_id,in_reply_to,thread,status,"
         "reason,domains,aligned,flags,attachments,size,sha256,sources,problems\n";
}

std::string truth_line(const TruthRow& row) {
  const Draft& draft = row.draft;
  const std::string digest = to_hex(crypto::sha256(row.bytes).bytes());
  const bool is_verified = row.reason == dkim::Reason::none;
  std::string line;
  append_cell(line, std::string_view(digest).substr(0, id_digits));
  append_cell(line, format_iso(draft.date));
  append_cell(line, "date");  // date_source
  append_cell(line, draft.from->key);
  append_cell(line, draft.from->name);
  append_cell(line, addresses(draft.to));
  append_cell(line, addresses(draft.cc));
  append_cell(line, draft.subject);
  append_cell(line, draft.message_id);
  append_cell(line, draft.references.empty() ? "" : draft.references.back());
  append_cell(line, "");  // thread
  append_cell(line, word(is_verified ? dkim::Status::verified : dkim::Status::unverified));
  append_cell(line, word(row.reason));
  append_cell(line, fmt::format("{}", fmt::join(row.domains, " ")));
  append_cell(line, is_verified ? aligned(row) : "");
  append_cell(line, "");  // flags
  append_cell(line, fmt::format("{}", draft.attachments.size()));
  append_cell(line, fmt::format("{}", row.bytes.size()));
  append_cell(line, digest);
  append_cell(line, fmt::format("{}", fmt::join(row.sources, " ")));
  append_cell(line, "");  // problems
  return line + '\n';
}

}  // namespace leakfs::sample
