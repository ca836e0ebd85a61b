// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of one message in the files of catalog/; leakfs-tree(7) lists their columns. A function
// of its record, so any thread can make them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "index/store/records_generated.h"

namespace leakfs::build {

// Each with its line ends; attachments and signatures may have none.
struct CatalogRows {
  std::string messages;
  std::string attachments;
  std::string signatures;
  std::string sums;  // SHA256SUMS
};

// Header rows.
constexpr std::string_view messages_header =
    "id,date,date_source,from,from_name,to,cc,subject,message_id,in_reply_to,thread,status,reason,"
    "domains,aligned,flags,attachments,size,sha256,sources,problems\n";
constexpr std::string_view attachments_header = "message_id,part,filename,type,size,sha256\n";
constexpr std::string_view signatures_header =
    "id,n,kind,domain,selector,algorithm,canonicalization,key_bits,result,reason,body_hash,"
    "header_signature,flags\n";

// `sources` as source_text() gives them.
CatalogRows catalog_rows(const records::Message& message, const std::vector<std::string>& sources);

}  // namespace leakfs::build
