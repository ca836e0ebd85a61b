// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/message_tables.h"

#include <deque>

#include "index/build/readme.h"
#include "index/dkim/report.h"
#include "index/dkim/zone_line.h"
#include "index/store/records.h"
#include "index/view/source_path.h"
#include "index/view/views.h"

namespace leakfs::build {
namespace {

using store::Table;

constexpr std::size_t records_size = 256 << 10;                  // bytes of records in one task
constexpr std::size_t records_room = records_size + (32 << 10);  // with the last, as a rule
constexpr unsigned tasks_per_job = 4;                            // under way

// What a limit that a message hit means, by the word in its record.
std::string explain(std::string_view kind) {
  if (kind == "big")
    return "larger than is parsed: its header is indexed, its body is not searched";
  if (kind == "depth") return "parts are nested too deep; the innermost are one";
  if (kind == "parts") return "too many parts; the last holds the rest";
  if (kind == "header") return "the header is too large; its later fields are not indexed";
  if (kind == "field") return "a field is too large; its end is not indexed";
  if (kind == "fields") return "too many header fields; the later ones are not indexed";
  if (kind == "addresses") return "too many addresses in a field; the later ones are not indexed";
  if (kind == "parameters") return "too many parameters in a field; the later ones are ignored";
  if (kind == "time") return "takes too long to parse: it is stored unparsed";
  if (kind == "crash") return "kills its parser: it is stored unparsed; please report it";
  if (kind == "signatures") return "too many signatures; the later ones are not judged";
  return "";
}

}  // namespace

void BatchOfRecords::add(Bytes record, Bytes frame) {
  if (bytes_.empty()) bytes_.reserve(records_room);
  append_head(bytes_, RecordHead{.message = {next_++},
                                 .length = static_cast<std::uint32_t>(record.size()),
                                 .frame_length = static_cast<std::uint32_t>(frame.size())});
  bytes_ += record;
  bytes_ += frame;
}

bool BatchOfRecords::is_full() const { return bytes_.size() >= records_size; }

ByteString BatchOfRecords::take() { return std::exchange(bytes_, {}); }

MessageTables::MessageTables(const Known& known, Slots& slots, store::IndexWriter& writer)
    : known_(known),
      slots_(slots),
      writer_(writer),
      catalog_(writer.heap()),
      folders_(view::view_names()) {}

Result<void> MessageTables::write_messages(const std::function<Result<ByteString>()>& next_batch,
                                           unsigned jobs) {
  CompletionJob job(known_);
  process::Pool pool = TRY(process::Pool::start(slots_.memory(), job, {.workers = jobs}));
  FreeSlots free(slots_.count());
  std::deque<std::uint32_t> taken;  // in the order of their tasks
  bool is_at_end = false;
  while (true) {
    while (!is_at_end && taken.size() < std::size_t{tasks_per_job} * jobs) {
      const ByteString batch = TRY(next_batch());
      is_at_end = batch.empty();
      if (is_at_end) break;
      taken.push_back(free.take());
      TRY(slots_.put(taken.back(), batch));
      pool.submit(slots_.task(taken.back(), TaskKind::messages, batch.size()));
    }
    if (taken.empty()) return {};
    TRY(pool.wait());
    while (const std::optional<ByteString> completed = pool.next()) {
      TRY(write_completed(*completed));
      free.give_back(taken.front());
      taken.pop_front();
    }
  }
}

Result<void> MessageTables::write_completed(Bytes bytes) {
  FlatReader reader(bytes);
  while (const std::optional<CompletedHead> head = reader.head<CompletedHead>()) {
    // A copy, for it has to be aligned.
    const ByteString record(reader.bytes(head->record_length));
    const Bytes frame = reader.bytes(head->frame_length);
    const CatalogRows rows{.messages = std::string(reader.bytes(head->messages_length)),
                           .attachments = std::string(reader.bytes(head->attachments_length)),
                           .signatures = std::string(reader.bytes(head->signatures_length)),
                           .sums = std::string(reader.bytes(head->sums_length))};
    const auto& message = *flatbuffers::GetRoot<records::Message>(record.data());
    for (const view::FolderPath& path : view::folders_of(message)) {
      folders_.add(head->message.raw, message.date(), path);
    }
    attachments_.add(head->message, message);
    add_problems(message);
    note_keys(message);
    TRY(catalog_.add(message, rows));
    TRY(writer_.tables().append(Table::messages, store::bytes_of(store::key_of(head->message.raw)),
                                frame));
  }
  return {};
}

void MessageTables::add_problems(const records::Message& message) {
  if (message.problems() == nullptr && message.ordinal() == 1) return;
  const records::Source& first = *message.sources()->Get(0);
  const std::string source = view::source_text(known_.path_of({first.entry()}), first);
  if (message.problems() != nullptr) {
    for (const flatbuffers::String* kind : *message.problems()) {
      const std::string_view word = store::text_of(kind);
      problems_.push_back({.source = source, .kind = std::string(word), .detail = explain(word)});
    }
  }
  if (message.ordinal() > 1) {
    problems_.push_back({.source = source,
                         .kind = "id",
                         .detail = "another message has the same first 64 bits of SHA-256"});
  }
}

void MessageTables::note_keys(const records::Message& message) {
  if (message.signatures() == nullptr) return;
  for (const records::Signature* signature : *message.signatures()) {
    if (static_cast<dkim::KeyState>(signature->key()) == dkim::KeyState::missing) continue;
    keys_.emplace(store::text_of(signature->selector()), store::text_of(signature->domain()));
  }
}

std::string MessageTables::key_zone() const {
  std::string zone;
  for (const auto& [selector, domain] : keys_) {
    for (const dkim::KeyRecord& record : known_.keyring.find(selector, domain)) {
      zone += dkim::zone_line(selector, domain, record);
    }
  }
  return zone;
}

Result<void> MessageTables::write_folders(records::IndexT& index) {
  const FolderId attachments_root = TRY(folders_.write({0}, writer_.tables()));
  const FolderId end = TRY(attachments_.write(attachments_root, writer_.tables()));
  index.folders = end.raw;
  index.attachments = attachments_.count();
  index.attachment_files = attachments_.file_count();
  index.attachments_root = attachments_root.raw;
  return {};
}

Result<void> MessageTables::write_files(const std::vector<std::string>& inputs,
                                        const std::vector<Problem>& problems) {
  std::map<std::string, records::FileT> files = TRY(catalog_.finish(problems));
  store::BlockWriter file(writer_.heap());
  TRY(file.append(readme(inputs, catalog_.counts())));
  files["README.txt"] = TRY(file.finish());
  if (const std::string text = errors(problems); !text.empty()) {
    TRY(file.append(text));
    files["ERRORS.txt"] = TRY(file.finish());
  }
  TRY(file.append(key_zone()));
  files[store::keys_file_name] = TRY(file.finish());
  for (const auto& [name, record] : files) {
    TRY(writer_.tables().append(Table::files, name, store::encode<records::File>(record)));
  }
  return {};
}

}  // namespace leakfs::build
