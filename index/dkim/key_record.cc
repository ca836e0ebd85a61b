// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/key_record.h"
