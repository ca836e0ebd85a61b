// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/crypto/digest.h"
