// SPDX-License-Identifier: GPL-3.0-or-later
// The report of a message's signatures as it is kept in its record, and back.
#pragma once

#include "index/dkim/report.h"
#include "index/store/records_generated.h"

namespace leakfs::view {

void put_report(records::MessageT& message, const dkim::Report& report);
dkim::Report report_of(const records::Message& message);
// What of it needs no key.
dkim::MessageFacts facts_of(const records::Message& message);

}  // namespace leakfs::view
