// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/arc.h"

#include <algorithm>

#include "index/dkim/authentication_results.h"
#include "index/dkim/canonical.h"
#include "index/dkim/organization.h"
#include "index/dkim/tag_list.h"

namespace leakfs::dkim {
namespace {

// i= of a signature or seal, which may be anywhere in its list.
unsigned instance_in_list(Bytes value) {
  const std::optional<TagList> tags = TagList::parse(value);
  return tags ? parse_instance(tags->find("i").value_or("")) : 0;
}

}  // namespace

ArcSets::ArcSets(const mail::Header& header) {
  for (const mail::Field& field : header.fields) {
    if (field.is("ARC-Authentication-Results")) {
      place(field, &ArcSet::results, instance_of_arc_results(field.value));
    } else if (field.is("ARC-Message-Signature")) {
      place(field, &ArcSet::message, instance_in_list(field.value));
    } else if (field.is("ARC-Seal")) {
      place(field, &ArcSet::seal, instance_in_list(field.value));
    }
  }
  is_complete_ &= std::ranges::all_of(
      sets_, [](const ArcSet& set) { return set.results && set.message && set.seal; });
}

void ArcSets::place(const mail::Field& field, const mail::Field* ArcSet::* member,
                    unsigned instance) {
  if (instance > sets_.size()) sets_.resize(instance);
  if (instance == 0 || sets_[instance - 1].*member != nullptr) {
    is_complete_ = false;
    return;
  }
  sets_[instance - 1].*member = &field;
}

ByteString ArcSets::sealed_input(const Signature& seal) const {
  ByteString input;
  const unsigned last = seal.instance;
  if (last == 0 || last > sets_.size()) return input;
  for (unsigned i = seal.chain_status == "fail" ? last - 1 : 0; i < last; ++i) {
    const ArcSet& set = sets_[i];
    if (!set.results || !set.message || !set.seal) return {};
    append_header(input, set.results->raw, Canonicalization::relaxed);
    append_header(input, set.message->raw, Canonicalization::relaxed);
    if (i + 1 < last) append_header(input, set.seal->raw, Canonicalization::relaxed);
  }
  append_own_field(input, *sets_[last - 1].seal, Canonicalization::relaxed);
  return input;
}

ArcChain ArcSets::chain(const std::vector<Signature>& seals,
                        const std::vector<std::string>& author_domains) const {
  ArcChain chain;
  chain.sets = static_cast<unsigned>(sets_.size());
  // RFC 8617 §5.2 step 3: the first says "none", each later one "pass".
  chain.is_well_formed = is_complete_ && !sets_.empty() && seals.size() == sets_.size();
  for (std::size_t i = 0; i < seals.size(); ++i) {
    chain.is_well_formed &= seals[i].chain_status == (i == 0 ? "none" : "pass");
  }
  if (sets_.empty() || sets_.front().results == nullptr) return chain;
  for (const MethodResult& result : parse_arc_results(sets_.front().results->value)) {
    if (result.method != "dkim" || result.result != "pass") continue;
    chain.is_dkim_pass = true;
    chain.is_aligned |= !result.domain.empty() && !author_domains.empty() &&
                        std::ranges::all_of(author_domains, [&result](const std::string& author) {
                          return is_same_organization(result.domain, author);
                        });
  }
  return chain;
}

}  // namespace leakfs::dkim
