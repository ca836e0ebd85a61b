// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/charset.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <unordered_map>

#include <iconv.h>
#include <uchardet.h>

#include "index/base/utf8.h"
#include "index/mail/ascii.h"

namespace leakfs::mail {
namespace {

constexpr std::size_t guess_size_max = 64 << 10;  // bytes that a guess looks at
constexpr std::size_t guess_size_min = 48;        // 8-bit bytes below which a guess is none

// Labels that mean another charset than they say, or that glibc does not know. The first three
// follow the WHATWG Encoding Standard: what is labelled Latin-1 or ASCII is windows-1252.
struct Alias {
  std::string_view label;
  const char* charset;
};
constexpr Alias aliases[] = {
    {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"iso_8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"latin-1", "windows-1252"},
    {"l1", "windows-1252"},
    {"ansi", "windows-1252"},
    {"cp-1252", "windows-1252"},
    {"cp1252", "windows-1252"},
    {"x-ansi", "windows-1252"},
    {"win-1252", "windows-1252"},
    {"windows1252", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"iso-8859-11", "windows-874"},
    {"tis-620", "windows-874"},
    {"utf8", "utf-8"},
    {"utf-8", "utf-8"},
    {"unicode-1-1-utf-8", "utf-8"},
    {"x-sjis", "cp932"},
    {"shift_jis", "cp932"},
    {"shift-jis", "cp932"},
    {"sjis", "cp932"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"x-gbk", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"ks_c_5601-1987", "cp949"},
    {"ks_c_5601", "cp949"},
    {"euc-kr", "cp949"},
    {"x-euc-jp", "euc-jp"},
    {"x-mac-roman", "macintosh"},
    {"x-macroman", "macintosh"},
    {"mac", "macintosh"},
    {"x-mac-cyrillic", "mac-cyrillic"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"unicode", "utf-16"},
    {"iso-8859-15", "iso-8859-15"},
    {"latin9", "iso-8859-15"},
    {"big5", "big5-hkscs"},
    {"iso-2022-jp", "iso-2022-jp-2"},
    {"koi8-r", "koi8-r"},
    {"koi8-u", "koi8-u"},
};

// Others that mail uses; glibc knows them by these names.
constexpr const char* others[] = {
    "iso-8859-2",   "iso-8859-3",   "iso-8859-4",   "iso-8859-5",   "iso-8859-6",   "iso-8859-7",
    "iso-8859-8",   "iso-8859-10",  "iso-8859-13",  "iso-8859-14",  "iso-8859-16",  "windows-1250",
    "windows-1251", "windows-1253", "windows-1255", "windows-1256", "windows-1257", "windows-1258",
    "iso-2022-kr",  "iso-2022-cn",  "hz",           "utf-7",        "utf-16be",     "utf-16le",
    "utf-32be",     "utf-32le",     "cp437",        "cp850",        "cp852",        "cp866",
    "macintosh",
};

std::string normal_label(std::string_view label) {
  std::string normal;
  for (const char c : label) {
    if (c == '*') break;  // RFC 2231 §5: a language follows
    if (c <= ' ' || c == '"' || c == '\'' || c == ';') continue;
    normal += lower(c);
  }
  for (const Alias& alias : aliases) {
    if (alias.label == normal) return alias.charset;
  }
  return normal;
}

struct CloseConverter {
  void operator()(void* converter) const { iconv_close(converter); }
};
using Converter = std::unique_ptr<void, CloseConverter>;

// Opening a converter costs more than converting a mail, and loads a file that a confined process
// cannot open. So each thread keeps those it has met; there are about a thousand. Unknown names,
// of which hostile mail can make up any number, are not kept; each costs half a microsecond.
class Converters {
 public:
  // Null if the charset is unknown.
  iconv_t find(const std::string& charset) {
    const auto found = open_.find(charset);
    if (found != open_.end()) return found->second.get();
    const bool is_safe = !charset.empty() && std::ranges::all_of(charset, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
             c == ':';
    });
    if (!is_safe) return nullptr;
    iconv_t converter = iconv_open("UTF-8", charset.c_str());
    // NOLINTNEXTLINE(performance-no-int-to-ptr): POSIX says so
    if (converter == iconv_t(-1)) {
      if (errno == ENOMEM) throw std::bad_alloc();
      return nullptr;
    }
    return open_.emplace(charset, Converter(converter)).first->second.get();
  }

 private:
  std::unordered_map<std::string, Converter> open_;
};

Converters& converters() {
  thread_local Converters mine;
  return mine;
}

// glibc's "utf-16" and "utf-32" keep the byte order of the first text with a mark for all later
// ones, so the mark is read here. Without one it is little-endian (WHATWG Encoding Standard §4.2).
iconv_t converter_of(const std::string& charset, Bytes& bytes) {
  if (charset != "utf-16" && charset != "utf-32") return converters().find(charset);
  using namespace std::string_view_literals;
  const bool is_wide = charset == "utf-32";
  const Bytes little = is_wide ? "\xff\xfe\0\0"sv : "\xff\xfe"sv;
  const Bytes big = is_wide ? "\0\0\xfe\xff"sv : "\xfe\xff"sv;
  const bool is_big = bytes.starts_with(big);
  if (is_big || bytes.starts_with(little)) bytes.remove_prefix(big.size());
  return converters().find(charset + (is_big ? "be" : "le"));
}

// What cannot be converted becomes U+FFFD, one per byte.
std::string convert(iconv_t converter, Bytes bytes) {
  iconv(converter, nullptr, nullptr, nullptr, nullptr);
  std::string text(bytes.size() + bytes.size() / 2 + 16, '\0');
  char* in = const_cast<char*>(bytes.data());
  std::size_t in_left = bytes.size();
  std::size_t done = 0;
  const auto room = [&](std::size_t wanted) {
    if (text.size() - done < wanted) text.resize(text.size() * 2 + wanted);
  };
  // Where a mark may follow that is part of a character, the last one is held back until the call
  // without input: in windows-1255, windows-1258 and big5-hkscs.
  bool is_flushing = false;
  while (true) {
    char* out = text.data() + done;
    std::size_t out_left = text.size() - done;
    const std::size_t result = iconv(converter, is_flushing ? nullptr : &in,
                                     is_flushing ? nullptr : &in_left, &out, &out_left);
    done = static_cast<std::size_t>(out - text.data());
    if (result != static_cast<std::size_t>(-1)) {
      if (is_flushing) break;
      is_flushing = true;
      continue;
    }
    if (errno == E2BIG) {
      room(64);
      continue;
    }
    room(3);
    text.replace(done, 3, "\xef\xbf\xbd");
    done += 3;
    if (is_flushing) break;
    if (in_left == 0) {
      is_flushing = true;
      continue;
    }
    ++in;
    --in_left;
  }
  text.resize(done);
  // UTF-7 and UTF-32 can name surrogates and worse.
  return is_utf8(text) ? text : to_valid_utf8(text);
}

// Short Western text fools every detector, so a guess counts only if it is of another script.
std::string guess(Bytes bytes) {
  bytes = bytes.substr(0, guess_size_max);
  const auto high = std::ranges::count_if(bytes, [](char c) { return (c & 0x80) != 0; });
  if (static_cast<std::size_t>(high) < guess_size_min) return "windows-1252";
  const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(uchardet_new(),
                                                                       uchardet_delete);
  uchardet_handle_data(detector.get(), bytes.data(), bytes.size());
  uchardet_data_end(detector.get());
  const std::string charset = normal_label(uchardet_get_charset(detector.get()));
  constexpr std::string_view trusted[] = {
      "cp932",      "euc-jp",       "iso-2022-jp-2", "gb18030",    "big5-hkscs",   "cp949",
      "koi8-r",     "windows-1251", "iso-8859-5",    "iso-8859-7", "windows-1253", "euc-tw",
      "iso-8859-8", "windows-1255", "utf-16",        "utf-16le",   "utf-16be",     "windows-874"};
  return std::ranges::find(trusted, charset) == std::end(trusted) ? "windows-1252" : charset;
}

bool is_seven_bit(std::string_view charset) {
  return charset.starts_with("iso-2022") || charset.starts_with("utf-7") || charset == "hz" ||
         charset == "hz-gb-2312" || charset.starts_with("utf-16") || charset.starts_with("utf-32");
}

}  // namespace

void open_charsets() {
  for (const Alias& alias : aliases) converters().find(alias.charset);
  for (const char* charset : others) converters().find(charset);
}

std::string to_utf8(Bytes bytes, std::string_view label) {
  const std::string charset = normal_label(label);
  if (!is_seven_bit(charset) && is_ascii(bytes)) return std::string(bytes);
  // Valid UTF-8 beyond ASCII is hardly ever anything else, whatever the label says, unless the
  // label names a charset of several bytes a character.
  const bool is_single_byte_or_unknown = charset.empty() || charset.starts_with("iso-8859") ||
                                         charset.starts_with("windows-") || charset == "utf-8" ||
                                         charset.ends_with("ascii");
  if (is_single_byte_or_unknown && is_utf8(bytes)) return std::string(bytes);
  if (charset == "utf-8") {
    // Mislabelled Latin-1 rather than damage, if nearly all of it is ill-formed.
    std::size_t bad = 0;
    std::size_t good = 0;
    for (Bytes rest = bytes; !rest.empty();) {
      const DecodedCharacter next = decode_utf8(rest);
      if (!next.is_valid) ++bad;
      if (next.is_valid && next.length > 1) ++good;
      rest.remove_prefix(next.length);
    }
    if (bad <= good) return to_valid_utf8(bytes);
  }
  iconv_t converter = nullptr;
  if (!charset.empty() && charset != "utf-8" && !charset.ends_with("ascii")) {
    converter = converter_of(charset, bytes);
  }
  if (converter == nullptr && is_utf8(bytes)) return std::string(bytes);
  if (converter == nullptr) converter = converter_of(guess(bytes), bytes);
  if (converter == nullptr) converter = converters().find("windows-1252");
  return converter == nullptr ? to_valid_utf8(bytes) : convert(converter, bytes);
}

}  // namespace leakfs::mail
