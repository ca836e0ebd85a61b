// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/location.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include <sys/stat.h>
#include <unistd.h>

#include "index/archive/fingerprint.h"
#include "index/base/file.h"
#include "index/base/hex.h"
#include "index/crypto/digest.h"

namespace leakfs::build {
namespace {

constexpr const char* extension = ".leakidx";
constexpr std::size_t fingerprint_digits = 16;

std::string without_slashes(const std::string& path) {
  const std::size_t last = path.find_last_not_of('/');
  return last == std::string::npos ? path : path.substr(0, last + 1);
}

// "." and ".." are no names to go by.
std::string beside(const std::string& archive) {
  const std::string path = without_slashes(archive);
  const std::string name = file_name_of(path);
  if (name != "." && name != "..") return path + extension;
  const std::unique_ptr<char, void (*)(void*)> absolute(::realpath(path.c_str(), nullptr),
                                                        std::free);
  return (absolute == nullptr ? path : std::string(absolute.get())) + extension;
}

// The XDG Base Directory Specification; empty without a home.
std::string cache_directory() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::string(cache) + "/leakfs";
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return {};
  return std::string(home) + "/.cache/leakfs";
}

// A directory has no bytes of its own; its path stands for them.
Result<std::string> fingerprint_digits_of(const std::string& archive) {
  const File file = TRY(File::open(archive));
  const struct stat status = TRY_WITHIN(archive, file.status());
  ByteString identity = archive;
  if (!S_ISDIR(status.st_mode)) {
    const archive::Fingerprint print = TRY_WITHIN(archive, archive::fingerprint(file));
    identity = std::to_string(print.size) + print.edges + print.samples;
  } else if (char* absolute = ::realpath(archive.c_str(), nullptr); absolute != nullptr) {
    identity = absolute;
    std::free(absolute);
  }
  return to_hex(crypto::sha256(identity).bytes()).substr(0, fingerprint_digits);
}

Result<std::string> cached(const std::string& archive) {
  const std::string digits = TRY(fingerprint_digits_of(archive));
  return cache_directory() + "/" + file_name_of(without_slashes(archive)) + "-" + digits +
         extension;
}

bool is_there(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

// Only the user may look into it. Directories above it may be missing in a fresh home.
Result<void> make_cache_directory(const std::string& directory) {
  std::error_code code;
  std::filesystem::create_directories(directory_of(directory), code);
  if (code) return output_error(code.value(), directory_of(directory));
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return output_error(errno, directory);
  }
  return {};
}

}  // namespace

Result<std::string> new_index_of(const std::string& archive) {
  TRY(File::open(archive));  // what is not there needs no place
  std::string path = beside(archive);
  const bool is_writable = ::access(directory_of(path).c_str(), W_OK) == 0;
  const std::string directory = cache_directory();
  if (is_writable || directory.empty()) return path;
  TRY(make_cache_directory(directory));
  return cached(archive);
}

Result<std::optional<std::string>> existing_index_of(const std::string& archive) {
  std::string path = beside(archive);
  if (is_there(path)) return path;
  if (cache_directory().empty()) return std::nullopt;
  std::string other = TRY(cached(archive));
  if (is_there(other)) return other;
  return std::nullopt;
}

}  // namespace leakfs::build
