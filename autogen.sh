#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes ./configure out of configure.ac; needed in a checkout, not in a tarball.
set -e
cd "$(dirname "$0")"
exec autoreconf --force --install --warnings=all
