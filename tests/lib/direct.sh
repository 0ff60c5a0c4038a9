#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# direct.sh CLIENT SERVER COMMAND...: starts the server here, and becomes the client, as
# `mosh --local` does but without any wrapper. With NOTES set to a folder, what the server says on
# standard error is left in server.err there, and the key in key. SERVER_OPTIONS are options for it.

client=$1
server=$2
shift 2
said=/dev/null
[ -z "${NOTES:-}" ] || said=$NOTES/server.err
# shellcheck disable=SC2086  # options are many
connect=$("$server" new -i 127.0.0.1 -c 256 ${SERVER_OPTIONS:-} -- "$@" \
    </dev/null 2>"$said" | tr -d '\r' | grep '^MOSH CONNECT ')
read -r _ _ port MOSH_KEY <<<"$connect"
if [ -z "$MOSH_KEY" ]; then
    echo "no startup line from $server"
    exit 255
fi
[ -z "${NOTES:-}" ] || echo "$MOSH_KEY" >"$NOTES/key"
export MOSH_KEY
exec "$client" 127.0.0.1 "$port"
