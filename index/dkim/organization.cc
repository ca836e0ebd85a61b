// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/organization.h"

#include <string>

#include <libpsl.h>

namespace leakfs::dkim {
namespace {

// The name below a public suffix; empty for a suffix itself.
std::string registrable_domain(const std::string& domain) {
  const char* registrable = psl_registrable_domain(psl_builtin(), domain.c_str());
  return registrable == nullptr ? std::string() : std::string(registrable);
}

}  // namespace

bool is_same_organization(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const std::string organization = registrable_domain(std::string(a));
  return !organization.empty() && organization == registrable_domain(std::string(b));
}

}  // namespace leakfs::dkim
