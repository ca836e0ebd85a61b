// SPDX-License-Identifier: GPL-3.0-or-later
// An index being read. What it returns was verified as bytes, not as truth: numbers in a record may
// point nowhere, and then the next call fails with an Error.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "index/base/bytes.h"
#include "index/base/checksum.h"
#include "index/base/error.h"
#include "index/base/ids.h"
#include "index/store/heap.h"
#include "index/store/lmdb.h"
#include "index/store/records.h"

namespace leakfs::store {

// Numbers packed big-endian in a record of the index; a view, valid as long as the Snapshot.
template <typename Id>
class IdList {
 public:
  IdList() = default;
  explicit IdList(Bytes packed) : packed_(packed) {}

  std::size_t size() const { return packed_.size() / 4; }
  Id operator[](std::size_t i) const { return Id{load_be32(packed_.data() + 4 * i)}; }
  // The list is ascending.
  bool contains(Id id) const {
    std::size_t low = 0;
    std::size_t high = size();
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if ((*this)[middle] < id) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < size() && (*this)[low] == id;
  }

 private:
  Bytes packed_;
};

// From one place where a stream can be decoded from to the next.
struct Stretch {
  std::uint64_t begin = 0;         // in the stream, bytes
  std::uint64_t end = UINT64_MAX;  // of the next one; of the last: the stream's
  std::uint64_t input_bit = 0;
  records::Frame
      frame;  // the block of a copied stream, or the context of the decoder; may be empty
};

// The names of the files that mkleakfs may write, as paths in the tree.
inline constexpr const char* file_names[] = {
    "README.txt",
    "ERRORS.txt",
    "catalog/SHA256SUMS",
    "catalog/attachments.csv",
    "catalog/messages.csv",
    "catalog/missing-keys.csv",
    "catalog/problems.csv",
    "catalog/senders.csv",
    "catalog/signatures.csv",
};

// The public keys that its verdicts rest on, in the form of a key file; not in the tree.
inline constexpr const char* keys_file_name = "keys.zone";

// Whether the file begins as an index does, whole or damaged. An Error if it cannot be read.
Result<bool> is_index(const std::string& path);

// Opened once, never changing; safe from several threads.
class Snapshot {
 public:
  // Checks the seal before anything else.
  static Result<Snapshot> open(const std::string& path);
  ~Snapshot();
  Snapshot(Snapshot&&) noexcept;
  Snapshot& operator=(Snapshot&&) noexcept;

  const records::Index& index() const;

  // A number that is not there is an Error with ENOENT.
  Result<MessageRecord> message(MessageId id) const;
  Result<Record<records::AttachmentPlace>> attachment(AttachmentId id) const;
  Result<Record<records::Folder>> folder(FolderId id) const;
  Result<Record<records::Entry>> entry(EntryId id) const;
  Result<Record<records::Stream>> stream(StreamId id) const;

  // The part of a stream that holds the byte at `offset` and is decoded in one go.
  Result<Stretch> stretch(StreamId id, std::uint64_t offset) const;
  // What the block at `offset` of a stream that is not copied has to have as its checksum. The
  // stretch that it lies in begins at `begin`, a whole number of blocks before.
  Result<Checksum> block_sum(StreamId id, std::uint64_t begin, std::uint64_t offset) const;

  Result<std::optional<MessageId>> find(std::uint64_t id, std::uint8_t ordinal) const;
  Result<IdList<MessageId>> messages_of(FolderId id) const;  // ascending
  // Of a folder with that naming, ascending.
  Result<IdList<AttachmentId>> attachments_of(FolderId id) const;
  Result<IdList<EntryId>> children_of(EntryId id) const;  // by name
  Result<Record<records::Problems>> problems() const;
  Result<std::optional<Record<records::File>>> file(std::string_view name) const;

  // The rendered body of a message.
  Result<ByteString> text(const records::Message& message) const;
  // A block of a file or copied stream.
  Result<ByteString> block(const records::Frame& frame) const;

  // For an index that differs in its verdicts only: what does not depend on them. The heap refers
  // to this.
  Result<Bytes> message_frame(MessageId id) const;
  Result<void> copy_table(Table table, TableWriter& tables) const;
  void keep_content(HeapWriter& heap) const;
  // The dictionary of records.
  Result<ByteString> record_dictionary() const;

  // An Error once a page of the tables was not there to be read, as of TableReader. What came of a
  // list of numbers before may be wrong then.
  Result<void> check_readable() const;

  // Reads every record and frame. The first damage found, with its key.
  Result<void> check() const;

 private:
  struct State;
  explicit Snapshot(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace leakfs::store
