#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# direct.sh CLIENT SERVER COMMAND...: starts the server here, and becomes the client, as
# `mosh --local` does but without any wrapper. With NOTES set to a folder, what the server says on
# standard error is left in server.err there, the key in key, and the port in port. SERVER_OPTIONS are options for it.

client=$1
server=$2
shift 2
said=/dev/null
[ -z "${NOTES:-}" ] || said=$NOTES/server.err
# With -v the server keeps its standard output, so that nobody can wait for its end.
# shellcheck disable=SC2086  # options are many
connect=$(grep -m 1 '^MOSH CONNECT ' < <("$server" new -i 127.0.0.1 -c 256 ${SERVER_OPTIONS:-} \
    -- "$@" </dev/null 2>"$said"))
read -r _ _ port MOSH_KEY <<<"${connect%$'\r'}"
if [ -z "$MOSH_KEY" ]; then
    echo "no startup line from $server"
    exit 255
fi
[ -z "${NOTES:-}" ] || { echo "$MOSH_KEY" >"$NOTES/key" && echo "$port" >"$NOTES/port"; }
export MOSH_KEY
exec "$client" 127.0.0.1 "$port"
