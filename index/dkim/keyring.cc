// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/keyring.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_set>

#include <fmt/format.h>

#include "index/base/file.h"
#include "index/dkim/key_table.h"
#include "index/dkim/tag_list.h"
#include "index/dkim/zone_file.h"

namespace leakfs::dkim {
namespace {

constexpr std::uint64_t key_file_size_max = 1_GiB;

enum class NameKind {
  key,       // SELECTOR._domainkey.DOMAIN
  policy,    // what a domain says of its signing in general
  relative,  // SELECTOR._domainkey
  wildcard,
  other,
};

NameKind kind_of(std::string_view name) {
  constexpr std::string_view infix = "._domainkey.";
  // RFC 5617, its drafts, and RFC 6651; _domainkey.DOMAIN itself is RFC 4870 §3.6.
  constexpr auto policies =
      std::to_array<std::string_view>({"_adsp", "_policy", "_report", "_ssp"});
  if (name.starts_with("_domainkey.")) return NameKind::policy;
  if (name.ends_with("._domainkey")) return NameKind::relative;
  const std::size_t at = name.find(infix);
  if (at == std::string_view::npos || at == 0 || at + infix.size() == name.size()) {
    return NameKind::other;
  }
  if (std::ranges::find(policies, name.substr(0, at)) != policies.end()) return NameKind::policy;
  return name.starts_with("*.") ? NameKind::wildcard : NameKind::key;
}

// Reads one file into a keyring.
class Loader {
 public:
  Loader(const std::string& file, KeyTable& table) : file_(file), table_(table) {}

  void read(Bytes text) {
    ZoneFile zone(text);
    while (const std::optional<ZoneItem> item = zone.next()) take(*item);
    place_strays();
    table_.settle();
  }

  std::vector<KeyFileProblem> problems() {
    std::ranges::sort(problems_, [](const KeyFileProblem& a, const KeyFileProblem& b) {
      return std::tie(a.line, a.what) < std::tie(b.line, b.what);
    });
    if (more_ > 0) {
      problems_.push_back({file_, problems_.back().line,
                           fmt::format("and {} more lines that cannot be used", more_)});
    }
    return std::move(problems_);
  }

 private:
  // A record that is of a key only if a CNAME leads to it.
  struct Stray {
    std::size_t line = 0;
    std::string name;
    KeyRecord record;
    bool is_meant = false;  // as a key: it is not SPF or the like
  };

  void take(const ZoneItem& item) {
    using Kind = ZoneItem::Kind;
    if (item.kind == Kind::text || item.kind == Kind::value) return take_record(item);
    if (item.kind == Kind::alias) table_.add_alias(item.name, item.value);
    if (item.kind == Kind::error) problem(item.line, item.value);
    for (const ByteString& comment : {item.comment_above, item.comment}) {
      if (is_provenance(comment) && mentions_compromise(comment)) {
        problem(item.line, "compromised-since belongs to no key here");
      }
    }
  }

  void take_record(const ZoneItem& item) {
    const NameKind kind = kind_of(item.name);
    if (kind == NameKind::policy) return;
    if (kind == NameKind::relative) {
      return problem(item.line, excerpt(item.name) + " lacks its domain; there is no $ORIGIN");
    }
    if (kind == NameKind::wildcard) {
      return problem(item.line, "a wildcard names no selector; write a record for each");
    }
    KeyRecord record = parse_key_record(item.value);
    for (const ByteString& comment : {item.comment_above, item.comment}) {
      if (add_provenance(record, comment)) continue;
      problem(item.line,
              "compromised-since= has no date such as 2020-01-31; the key counts as compromised");
    }
    if (kind == NameKind::key) return place(item.line, item.name, record);
    const bool is_meant = item.kind == ZoneItem::Kind::value || item.value.starts_with("v=DKIM1") ||
                          record.state != KeyRecord::State::malformed;
    strays_.push_back({item.line, item.name, std::move(record), is_meant});
  }

  void place(std::size_t line, const std::string& name, const KeyRecord& record) {
    if (record.state == KeyRecord::State::malformed) {
      problem(line, "the key of " + excerpt(name) + " cannot be used: " + record.flaw);
    }
    table_.add(name, record);
  }

  void place_strays() {
    const std::unordered_set<std::string_view> targets = table_.alias_targets();
    for (const Stray& stray : strays_) {
      if (targets.contains(stray.name)) {
        place(stray.line, stray.name, stray.record);
      } else if (stray.is_meant) {
        problem(stray.line, excerpt(stray.name) + " is no SELECTOR._domainkey.DOMAIN");
      }
    }
  }

  void problem(std::size_t line, std::string what) {
    if (problems_.size() == key_file_problems_max) {
      ++more_;
    } else {
      problems_.push_back({file_, line, std::move(what)});
    }
  }

  const std::string& file_;
  KeyTable& table_;
  std::vector<Stray> strays_;
  std::vector<KeyFileProblem> problems_;
  std::size_t more_ = 0;
};

}  // namespace

Keyring::Keyring() : table_(std::make_unique<KeyTable>()) {}
Keyring::~Keyring() = default;
Keyring::Keyring(Keyring&&) noexcept = default;
Keyring& Keyring::operator=(Keyring&&) noexcept = default;

void Keyring::add(Bytes text, const std::string& file, std::vector<KeyFileProblem>& problems) {
  Loader loader(file, *table_);
  loader.read(text);
  for (KeyFileProblem& problem : loader.problems()) problems.push_back(std::move(problem));
}

Result<void> Keyring::load(const std::string& path, std::vector<KeyFileProblem>& problems) {
  const std::string hint = "name a readable key file with --keys, or leave it out";
  const File file = TRY(File::open(path));
  const std::uint64_t size = TRY(file.size());
  if (size > key_file_size_max) return input_error(path + ": too large for a key file", hint);
  const ByteString text = TRY_WITHIN(path, file.read(0, size));
  add(text, path, problems);
  return {};
}

std::span<const KeyRecord> Keyring::find(std::string_view selector, std::string_view domain) const {
  return table_->find(lower_case(fmt::format("{}._domainkey.{}", selector, domain)));
}

std::size_t Keyring::size() const { return table_->size(); }

}  // namespace leakfs::dkim
