// SPDX-License-Identifier: GPL-3.0-or-later
// A record read from an index: FlatBuffers bytes that were verified, and their owner.
#pragma once

#include <cstdint>
#include <utility>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/store/records_generated.h"

namespace leakfs::store {

// FlatBuffers' verifier looks at where the length of a vector lies, and not at its structs.
template <typename Struct>
bool is_aligned(const flatbuffers::Vector<const Struct*>* structs) {
  return structs == nullptr || structs->size() == 0 ||
         reinterpret_cast<std::uintptr_t>(structs->Data()) % alignof(Struct) == 0;
}

template <typename T>
bool has_aligned_structs(const T& /*record*/) {
  return true;
}
inline bool has_aligned_structs(const records::Message& message) {
  return is_aligned(message.sources());
}
inline bool has_aligned_structs(const records::File& file) { return is_aligned(file.frames()); }

// Owns the bytes of a T; every access is within them, for they passed FlatBuffers' verifier.
template <typename T>
class Record {
 public:
  // Takes a copy, because a value in an LMDB page is not aligned.
  static Result<Record> from(ByteString bytes) {
    // Two nested tables are the deepest that the schema has.
    constexpr unsigned depth_max = 8;
    flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                   bytes.size(), depth_max, UINT32_MAX);
    if (bytes.empty() || !verifier.VerifyBuffer<T>(nullptr) ||
        !has_aligned_structs(*flatbuffers::GetRoot<T>(bytes.data()))) {
      return input_error("a record of the index is damaged");
    }
    Record record;
    record.bytes_ = std::move(bytes);
    return record;
  }

  const T* operator->() const { return flatbuffers::GetRoot<T>(bytes_.data()); }
  const T& operator*() const { return *operator->(); }
  Bytes bytes() const { return bytes_; }

 private:
  ByteString bytes_;
};

using MessageRecord = Record<records::Message>;

// Text of a record; empty where the field is absent. It is UTF-8 if mkleakfs wrote it, anything if
// somebody else did.
inline std::string_view text_of(const flatbuffers::String* string) {
  return string == nullptr ? std::string_view() : std::string_view(string->data(), string->size());
}

// The bytes of a [ubyte] field.
inline Bytes bytes_of(const flatbuffers::Vector<std::uint8_t>* vector) {
  if (vector == nullptr) return {};
  return {reinterpret_cast<const char*>(vector->data()), vector->size()};
}

// That attachment of the message's list; null where it has none.
inline const records::Attachment* attachment_of(const records::Message& message,
                                                std::uint32_t index) {
  if (message.attachments() == nullptr || index >= message.attachments()->size()) return nullptr;
  return message.attachments()->Get(index);
}

// The FlatBuffers bytes of a record built from its object form.
template <typename T, typename Object>
ByteString encode(const Object& object) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(T::Pack(builder, &object));
  return {reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()};
}

}  // namespace leakfs::store
