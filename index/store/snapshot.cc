// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/snapshot.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <fmt/format.h>

#include "index/base/file.h"
#include "index/store/fault_guard.h"
#include "index/store/frame.h"
#include "index/store/heap.h"
#include "index/store/record_rules.h"
#include "index/store/seal.h"
#include "index/store/table_pages.h"

namespace leakfs::store {
namespace {

constexpr std::uint64_t record_size_max = 64_MiB;

// A record whose form was found right, if it keeps the rules as well.
template <typename T>
Result<Record<T>> ruled(Result<Record<T>> record, std::uint32_t number) {
  if (!record) return record;
  TRY(check_rules(**record, number));
  return record;
}

// A list of numbers of 4 bytes each.
template <typename Id>
Result<IdList<Id>> list_of(const std::optional<Bytes>& packed) {
  if (packed && packed->size() % 4 != 0) return input_error("a list of the index is damaged");
  return IdList<Id>(packed.value_or(Bytes()));
}

// A table's record of that number, or ENOENT.
Result<Bytes> numbered(const TableReader& tables, Table table, std::uint32_t number) {
  const std::optional<Bytes> value = TRY(tables.get(table, bytes_of(key_of(number))));
  if (!value) return input_error(ENOENT, fmt::format("no record {} in the index", number));
  return *value;
}

}  // namespace

struct Snapshot::State {
  File file;
  Seal seal;
  std::optional<TableReader> tables;
  Record<records::Index> index;
  std::optional<FrameDecoder> text_decoder;
  std::optional<FrameDecoder> record_decoder;
  FrameDecoder block_decoder{Bytes()};

  // A frame of the heap, of which the content has to have no more than `content_max` bytes.
  Result<ByteString> heap(const records::Frame& frame, std::uint64_t content_max) const {
    if (frame.offset() > seal.heap_length || frame.length() > seal.heap_length - frame.offset() ||
        frame.length() > frame_size_max(content_max)) {
      return input_error("the index points beyond its heap");
    }
    return file.read(seal.tables_length + frame.offset(), frame.length());
  }

  Result<ByteString> dictionary(const records::Frame* frame) const {
    if (frame == nullptr || frame->length() == 0) return ByteString();
    const ByteString bytes = TRY(heap(*frame, dictionary_size_max));
    return block_decoder.decode(bytes, dictionary_size_max);
  }
};

Result<bool> is_index(const std::string& path) {
  // LMDB's first page: a header of 16 bytes, then its magic number in the machine's byte order.
  constexpr std::size_t magic_at = 16;
  constexpr Bytes magic = "\xde\xc0\xef\xbe";
  const File file = TRY(File::open(path));
  char head[4] = {};
  const struct stat status = TRY_WITHIN(path, file.status());
  if (!S_ISREG(status.st_mode)) return false;
  const std::size_t length = TRY_WITHIN(path, file.read_some(magic_at, head, sizeof head));
  return Bytes(head, length) == magic;
}

Snapshot::Snapshot(std::unique_ptr<State> state) : state_(std::move(state)) {}
Snapshot::~Snapshot() = default;
Snapshot::Snapshot(Snapshot&&) noexcept = default;
Snapshot& Snapshot::operator=(Snapshot&&) noexcept = default;

Result<Snapshot> Snapshot::open(const std::string& path) {
  auto state = std::make_unique<State>();
  state->file = TRY(File::open(path));
  const std::uint64_t size = TRY_WITHIN(path, state->file.size());
  ByteString page;
  if (size >= page_size) {
    page = TRY_WITHIN(path, state->file.read(size - page_size, page_size));
  }
  state->seal = TRY_WITHIN(path, decode_seal(page, size));
  {
    const Mapping tables = TRY_WITHIN(path, Mapping::of(state->file, state->seal.tables_length));
    const FaultGuard guard(tables.bytes());
    const bool is_whole = checksum(tables.bytes()) == state->seal.tables_checksum;
    if (!is_whole || guard.has_faulted()) {
      return input_error(path + ": the index is damaged (its tables)",
                         "build it again with mkleakfs --force");
    }
    // Who made the index made its checksum.
    TRY_WITHIN(path, verify_table_pages(tables.bytes()));
  }
  state->tables =
      TRY_WITHIN(path, TableReader::open(state->file.descriptor(), state->seal.tables_length));
  const std::optional<Bytes> meta = TRY_WITHIN(path, state->tables->get(Table::meta, index_key));
  if (!meta) return input_error(path + ": the index has no description of itself");
  state->index = TRY_WITHIN(path, Record<records::Index>::from(ByteString(*meta)));
  state->text_decoder.emplace(TRY_WITHIN(path, state->dictionary(state->index->text_dictionary())));
  state->record_decoder.emplace(
      TRY_WITHIN(path, state->dictionary(state->index->record_dictionary())));
  return Snapshot(std::move(state));
}

const records::Index& Snapshot::index() const { return *state_->index; }

Result<MessageRecord> Snapshot::message(MessageId id) const {
  const Bytes frame = TRY(numbered(*state_->tables, Table::messages, id.raw));
  ByteString bytes = TRY(state_->record_decoder->decode(frame, record_size_max));
  return ruled(MessageRecord::from(std::move(bytes)), id.raw);
}

Result<Record<records::AttachmentPlace>> Snapshot::attachment(AttachmentId id) const {
  const Bytes value = TRY(numbered(*state_->tables, Table::attachments, id.raw));
  return ruled(Record<records::AttachmentPlace>::from(ByteString(value)), id.raw);
}

Result<Record<records::Folder>> Snapshot::folder(FolderId id) const {
  const Bytes value = TRY(numbered(*state_->tables, Table::folders, id.raw));
  return ruled(Record<records::Folder>::from(ByteString(value)), id.raw);
}

Result<Record<records::Entry>> Snapshot::entry(EntryId id) const {
  const Bytes value = TRY(numbered(*state_->tables, Table::entries, id.raw));
  return ruled(Record<records::Entry>::from(ByteString(value)), id.raw);
}

Result<Record<records::Stream>> Snapshot::stream(StreamId id) const {
  const Bytes value = TRY(numbered(*state_->tables, Table::streams, id.raw));
  return ruled(Record<records::Stream>::from(ByteString(value)), id.raw);
}

Result<Stretch> Snapshot::stretch(StreamId id, std::uint64_t offset) const {
  const auto key = point_key(id.raw, offset);
  const TableReader::Around around = TRY(state_->tables->around(Table::points, bytes_of(key)));
  // The table holds the points of all streams.
  const auto is_ours = [&](Bytes found) {
    return found.size() == key.size() && load_be32(found.data()) == id.raw;
  };
  Stretch stretch;
  if (around.next_key && is_ours(*around.next_key)) {
    stretch.end = load_be64(around.next_key->data() + 4);
  }
  if (around.floor && is_ours(around.floor->first)) {
    const auto point = TRY(Record<records::Point>::from(ByteString(around.floor->second)));
    stretch.begin = load_be64(around.floor->first.data() + 4);
    stretch.input_bit = point->input_bit();
    if (point->frame() != nullptr) stretch.frame = *point->frame();
  }
  return stretch;
}

Result<Checksum> Snapshot::block_sum(StreamId id, std::uint64_t begin, std::uint64_t offset) const {
  const std::uint64_t number = (offset - begin) / block_size;
  const std::uint64_t group = begin + number / sum_group_size * sum_group_size * block_size;
  const std::optional<Bytes> sums =
      TRY(state_->tables->get(Table::sums, bytes_of(point_key(id.raw, group))));
  Checksum sum;
  const std::size_t at = number % sum_group_size * sum.size();
  if (!sums || sums->size() < at + sum.size()) {
    return input_error("the index has no checksum of a block");
  }
  std::ranges::copy(sums->substr(at, sum.size()), sum.begin());
  return sum;
}

Result<std::optional<MessageId>> Snapshot::find(std::uint64_t id, std::uint8_t ordinal) const {
  const std::optional<Bytes> value =
      TRY(state_->tables->get(Table::ids, bytes_of(key_of(id, ordinal))));
  if (!value) return std::nullopt;
  if (value->size() != 4) return input_error("a record of the index is damaged");
  return MessageId{load_be32(value->data())};
}

Result<IdList<MessageId>> Snapshot::messages_of(FolderId id) const {
  const std::optional<Bytes> value =
      TRY(state_->tables->get(Table::folder_messages, bytes_of(key_of(id.raw))));
  return list_of<MessageId>(value);
}

Result<IdList<AttachmentId>> Snapshot::attachments_of(FolderId id) const {
  const std::optional<Bytes> value =
      TRY(state_->tables->get(Table::folder_messages, bytes_of(key_of(id.raw))));
  return list_of<AttachmentId>(value);
}

Result<IdList<EntryId>> Snapshot::children_of(EntryId id) const {
  const std::optional<Bytes> value =
      TRY(state_->tables->get(Table::entry_children, bytes_of(key_of(id.raw))));
  return list_of<EntryId>(value);
}

Result<Record<records::Problems>> Snapshot::problems() const {
  const std::optional<Bytes> value = TRY(state_->tables->get(Table::meta, problems_key));
  if (!value) return input_error("the index lost its problems");
  return Record<records::Problems>::from(ByteString(*value));
}

Result<std::optional<Record<records::File>>> Snapshot::file(std::string_view name) const {
  const std::optional<Bytes> value = TRY(state_->tables->get(Table::files, name));
  if (!value) return std::nullopt;
  return TRY(Record<records::File>::from(ByteString(*value)));
}

Result<ByteString> Snapshot::text(const records::Message& message) const {
  const records::Frame* frame = message.text();
  if (frame == nullptr || frame->length() == 0) return ByteString();
  // As much memory as the record says, and no more.
  const ByteString bytes = TRY(state_->heap(*frame, message.text_size()));
  ByteString text = TRY(state_->text_decoder->decode(bytes, message.text_size()));
  if (text.size() != message.text_size()) return input_error("a text of the index is cut");
  return text;
}

Result<Bytes> Snapshot::message_frame(MessageId id) const {
  return numbered(*state_->tables, Table::messages, id.raw);
}

Result<void> Snapshot::copy_table(Table table, TableWriter& tables) const {
  return state_->tables->for_each(
      table, [&](Bytes key, Bytes value) { return tables.append(table, key, value); });
}

void Snapshot::keep_content(HeapWriter& heap) const {
  heap.begin_with(state_->file, state_->seal.tables_length,
                  std::min(index().content_length(), state_->seal.heap_length));
}

Result<void> Snapshot::check_readable() const { return state_->tables->check_readable(); }

Result<ByteString> Snapshot::record_dictionary() const {
  return state_->dictionary(index().record_dictionary());
}

Result<ByteString> Snapshot::block(const records::Frame& frame) const {
  const ByteString bytes = TRY(state_->heap(frame, block_size));
  return state_->block_decoder.decode(bytes, block_size);
}

}  // namespace leakfs::store
