// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/entity.h"

#include "index/base/utf8.h"
#include "index/mail/encoded_word.h"
#include "index/mail/parameter.h"
#include "index/mail/unicode.h"

namespace leakfs::mail {
namespace {

ParameterizedValue value_of(const Header& header, std::string_view name, bool& is_cut) {
  const Field* field = header.first(name);
  if (field == nullptr) return {};
  ParameterizedValue value = parse_parameterized(field->value);
  is_cut |= value.is_cut;
  return value;
}

// A boundary of RFC 2046 §5.1.1, or anything short that is not blank.
bool is_boundary(std::string_view text) {
  return !text.empty() && text.size() <= boundary_size_max &&
         text.find_first_of("\r\n") == std::string_view::npos;
}

// Names are not to hold encoded words (RFC 2231 §1), yet most do.
std::string file_name(const ParameterizedValue& disposition, const ParameterizedValue& type) {
  std::optional<std::string_view> name = disposition.parameter("filename");
  if (!name || name->empty()) name = type.parameter("name");
  if (!name) return {};
  return name->find("=?") == std::string_view::npos ? std::string(*name) : decode_text(*name);
}

// RFC 3676 §4: neither names nor values of its parameters have a case.
bool has_value(const ParameterizedValue& type, std::string_view name, std::string_view value) {
  return to_lower(type.parameter(name).value_or("")) == value;
}

// Reports that mail programs show: RFC 3464, 3798, 5965.
bool is_report(std::string_view type) {
  return type == "message/delivery-status" || type == "message/disposition-notification" ||
         type == "message/feedback-report";
}

}  // namespace

void make_leaf(Part& part) {
  part.kind = PartKind::leaf;
  const bool is_text =
      part.type.starts_with("text/") || is_report(part.type) || part.type.starts_with("multipart/");
  part.is_attachment = part.is_attachment || !part.filename.empty() || !is_text;
  part.is_shown = part.is_shown && is_text;
}

Entity describe_entity(const Header& header, bool is_in_digest) {
  Entity entity;
  Part& part = entity.part;
  const ParameterizedValue type = value_of(header, "Content-Type", entity.is_parameters_cut);
  const ParameterizedValue disposition =
      value_of(header, "Content-Disposition", entity.is_parameters_cut);
  if (const Field* encoding = header.first("Content-Transfer-Encoding")) {
    part.encoding = transfer_encoding(encoding->value);
  }
  // RFC 2045 §5.2: what has no type, or none that can be read, is plain text.
  const bool has_type = type.value.find('/') != std::string::npos;
  part.type = has_type ? type.value : is_in_digest ? "message/rfc822" : "text/plain";
  if (type.value == "text") part.type = "text/plain";
  part.charset = type.parameter("charset").value_or("");
  part.filename = file_name(disposition, type);
  part.is_attachment = disposition.value == "attachment";
  part.is_shown = !part.is_attachment;
  part.is_format_flowed = part.type == "text/plain" && has_value(type, "format", "flowed");
  part.is_delsp = has_value(type, "delsp", "yes");

  if (part.type.starts_with("multipart/")) {
    entity.boundary = type.parameter("boundary").value_or("");
    part.kind = is_boundary(entity.boundary) ? PartKind::multipart : PartKind::leaf;
  } else if (part.type == "message/rfc822" || part.type == "message/global") {
    // RFC 2046 §5.2.1 forbids to encode it; where it is, it is a file like any other.
    part.kind = part.encoding == TransferEncoding::identity ? PartKind::message : PartKind::leaf;
  }
  if (part.kind == PartKind::leaf) make_leaf(part);
  return entity;
}

}  // namespace leakfs::mail
