// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/crypto/private_key.h"
