#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is needed, builds with AddressSanitizer and UndefinedBehaviorSanitizer, and runs
# every test.
set -eu
cd "$(dirname "$0")/.."

tools/install-packages.sh --tests
cmake --preset dev
cmake --build build-dev
# A leak check traces the process, which containers forbid.
ASAN_OPTIONS=detect_leaks=0 ctest --test-dir build-dev --output-on-failure --parallel "$(nproc)" "$@"
