// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/transfer_range.h"

#include <algorithm>

#include "tests/fuzz/target.h"

using leakfs::Bytes;
using leakfs::ByteString;
using leakfs::fuzz::require;
namespace mail = leakfs::mail;

namespace {

// A window of a part that has a layout is what decoding all of it gives.
void check_window(Bytes encoded, const mail::TransferLayout& layout, const ByteString& whole,
                  std::size_t offset, std::size_t length) {
  const std::optional<mail::EncodedRange> range = mail::encoded_range(layout, offset, length);
  if (!range) return;
  require(range->offset < encoded.size(), "a range begins within the part");
  const ByteString decoded =
      mail::decode_transfer(encoded.substr(range->offset, range->length), layout.encoding);
  require(decoded.size() >= range->skip + length, "a range has all of the window");
  require(decoded.compare(range->skip, length, whole, offset, length) == 0,
          "a range decodes to the window");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes encoded = leakfs::fuzz::bytes_of(data, size);
  using enum mail::TransferEncoding;
  for (const mail::TransferEncoding encoding : {identity, quoted_printable, base64, uuencode}) {
    const ByteString whole = mail::decode_transfer(encoded, encoding);
    require(whole.size() == mail::decoded_size(encoded, encoding), "the size is that of the bytes");
    const mail::TransferLayout layout = mail::transfer_layout(encoded, encoding, whole.size());
    for (std::size_t offset = 0; offset < whole.size(); offset += 1 + offset / 8) {
      for (const std::size_t length : {1, 2, 3, 57, 1000}) {
        check_window(encoded, layout, whole, offset, std::min(length, whole.size() - offset));
      }
    }
  }
  return 0;
}
