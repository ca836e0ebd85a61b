// SPDX-License-Identifier: GPL-3.0-or-later
// The header fields of a draft.
#pragma once

#include <string>

#include "index/base/bytes.h"
#include "tools/sample/draft.h"

namespace leakfs::sample {

// "Fri, 20 Mar 2009 09:41:00 +0100" (RFC 5322 §3.3)
std::string mail_date(UnixTime time, int zone_minutes);

// "Fri Mar 20 08:41:00 2009", of an mbox From_ line (RFC 4155 Appendix A)
std::string mbox_date(UnixTime time);

// "Name <address>" with the name quoted or encoded as needed.
ByteString mailbox_of(const Person& person, Charset charset, WordEncoding encoding);

// From to References, as the writer's program makes them: all that DKIM usually signs but the
// fields of MIME.
ByteString writers_fields(const Draft& draft);

// Return-Path and Received, as servers put them on top.
ByteString trace_fields(const Draft& draft);

}  // namespace leakfs::sample
