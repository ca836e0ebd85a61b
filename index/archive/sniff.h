// SPDX-License-Identifier: GPL-3.0-or-later
// What a member is, by its content and never by its name.
#pragma once

#include <cstdint>

#include "index/base/bytes.h"

namespace leakfs::archive {

enum class Content : std::uint8_t { message, mbox, other };

constexpr std::size_t sniff_size = 64 << 10;

// `head` is the start of the content, sniff_size bytes or all of it. A message starts (after a BOM,
// blank lines or one From_ line) with header fields of which at least one that mail has (From,
// Date, Received, Message-ID, Subject, To, Return-Path, MIME-Version, ...); an mbox has a From_
// line and a header behind it, at its start or behind something that is no mail. An RFC 5322 file
// that merely opens with a From_ line and has no second one is an mbox of one message. What starts
// as an archive does is neither, though its first member may be mail that can be read in it.
Content sniff(Bytes head);

}  // namespace leakfs::archive
