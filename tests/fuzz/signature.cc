// SPDX-License-Identifier: GPL-3.0-or-later
// The first byte says which kind of signature the rest is the value of.
#include "index/dkim/signature.h"

#include <string>

#include "index/dkim/tag_list.h"
#include "tests/fuzz/target.h"

using leakfs::Bytes;
using leakfs::ByteString;
using leakfs::fuzz::require;
namespace dkim = leakfs::dkim;

namespace {

void check(const dkim::Signature& signature) {
  if (signature.is_malformed) return;
  require(!signature.domain.empty() && !signature.selector.empty(), "the key has a name");
  require(!signature.domain.ends_with('.'), "domains have no dot at their end");
  require(dkim::lower_case(signature.domain) == signature.domain, "domains are lower case");
  require(!signature.signature.empty(), "there is something to verify");
  require(signature.fields.size() <= dkim::signed_fields_max, "h= has a limit");
  require(!signature.body_hash || !signature.body_hash->empty(), "bh= is a hash");
  require(signature.instance <= dkim::arc_sets_max, "i= has a limit");
  require(dkim::is_arc(signature.kind) == (signature.instance > 0), "i= of ARC is a number");
  require(!dkim::canonicalization_of(signature).empty(), "c= has a word");
  require(dkim::body_hash_request(signature).how == signature.body,
          "the body is hashed as c= says");
}

ByteString own_field(Bytes raw, dkim::Canonicalization how) {
  ByteString out;
  dkim::append_own_field(out, {.raw = raw, .name = raw.substr(0, raw.find(':')), .value = {}}, how);
  return out;
}

// What is signed is the same whatever b= holds (RFC 6376 §3.7).
void check_own_field(const std::string& name, Bytes value) {
  const ByteString raw = name + ":" + ByteString(value) + "\r\n";
  const ByteString relaxed = own_field(raw, dkim::Canonicalization::relaxed);
  require(own_field(relaxed + "\r\n", dkim::Canonicalization::relaxed) == relaxed,
          "a field that is relaxed and without b= stays so");
  const std::optional<dkim::TagList> tags = dkim::TagList::parse(value);
  const std::optional<Bytes> data = tags ? tags->find("b") : std::nullopt;
  if (!data) return;
  ByteString other = name + ":" + ByteString(value.substr(0, data->data() - value.data()));
  other += "b=other";
  other += value.substr(data->data() + data->size() - value.data());
  other += "\r\n";
  for (const auto how : {dkim::Canonicalization::simple, dkim::Canonicalization::relaxed,
                         dkim::Canonicalization::nofws}) {
    require(own_field(raw, how) == own_field(other, how), "b= is not signed");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto kind = static_cast<dkim::SignatureKind>(data[0] % 4);
  const Bytes value = leakfs::fuzz::bytes_of(data + 1, size - 1);
  check(dkim::parse_signature(kind, value));
  check_own_field("DKIM-Signature", value);
  return 0;
}
