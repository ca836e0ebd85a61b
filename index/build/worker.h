// SPDX-License-Identifier: GPL-3.0-or-later
// What a thread of the pipeline does with a task: parse messages, compress texts and blocks.
#pragma once

#include <atomic>
#include <memory>

#include "index/build/batch.h"
#include "index/build/pipeline.h"
#include "index/dkim/keyring.h"

namespace leakfs::build {

// The text dictionary, once it is trained: null before, empty if there is to be none.
using SharedDictionary = std::atomic<const ByteString*>;

constexpr int text_level = 3;   // zstd
constexpr int block_level = 1;  // of copied content: its speed is the build's

// Replaces the bytes of a task by its outcome. Both arguments outlive the work.
Pipeline::Work make_worker(const dkim::Keyring& keyring, const SharedDictionary& dictionary);

}  // namespace leakfs::build
