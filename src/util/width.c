/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util/width.h"

#include "util/width_table.h"
