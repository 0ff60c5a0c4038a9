#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# in-pane.sh FOLDER COMMAND...: what runs in a pane around a client. Leaves the client's process id
# in FOLDER/client.pid, and afterwards says on the terminal how it ended and whether the terminal's
# settings are what they were.

notes=$1
shift
before=$(stty -g)
(
    echo "$BASHPID" >"$notes/client.pid"
    exec "$@"
)
status=$?
if [ "$before" = "$(stty -g)" ]; then
    echo 'terminal restored'
else
    echo 'terminal changed'
fi
echo "client ended: $status"
