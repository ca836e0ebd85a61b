// SPDX-License-Identifier: GPL-3.0-or-later
// Judges the signatures of a message: DKIM (RFC 6376, 8301, 8463, and the drafts before RFC 4871),
// DomainKeys (RFC 4870) and ARC (RFC 8617).
#pragma once

#include <optional>

#include "index/base/bytes.h"
#include "index/base/civil_time.h"
#include "index/dkim/keyring.h"
#include "index/dkim/report.h"
#include "index/mail/header.h"

namespace leakfs::dkim {

// `header` is parse_header(message). `date` is the mail's own, the clock that x= is compared with.
// Never fails: what cannot be judged is said in the report. Safe from several threads.
Report verify(Bytes message, const mail::Header& header, std::optional<UnixTime> date,
              const Keyring& keyring);

}  // namespace leakfs::dkim
