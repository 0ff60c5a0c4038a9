#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# R16: a start through Dropbear, which hangs up at once when the command's first process has ended, with
# the login shells of small and of unusual systems. In a mount namespace of its own, where a home and
# a line of passwd are lent to the user. DROPBEAR_RUNS=1000 tries it that often.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
need_tools ssh dropbear busybox tcsh fish
if [ -z "${IN_NAMESPACE:-}" ]; then
    [ "$(id -u)" -eq 0 ] || skip_all "it takes root"
    unshare -m true 2>/dev/null || skip_all "no mount namespaces here"
    rmdir "$WORK"
    IN_NAMESPACE=yes exec unshare -m "$0"
fi

MOSH=$OURS_BINDIR/mosh
PATH=$PATH:/usr/sbin:/sbin
unset MOSH_KEY MOSH_PREDICTION_DISPLAY SSH_CONNECTION LANG LANGUAGE
export WORK XDG_CONFIG_HOME=$WORK/no-config
home=$(getent passwd root | cut -d: -f6)
mkdir -p "$WORK/home/bin" "$WORK/keys"
mkdir -m 700 "$WORK/home/.ssh"
chmod 700 "$WORK/home"
ssh-keygen -q -t ed25519 -N '' -C '' -f "$WORK/keys/user" </dev/null
cp "$WORK/keys/user.pub" "$WORK/home/.ssh/authorized_keys"
chmod 600 "$WORK/home/.ssh/authorized_keys"
dropbearkey -t ed25519 -f "$WORK/keys/host" >/dev/null 2>&1
cat >"$WORK/client" <<'END'
#!/bin/sh
[ "$1" != -c ] || { echo 256; exit; }
echo "joined $2"
END
# Its folder alone is not in the PATH. It ends soon, since no client comes.
cat >"$WORK/home/bin/mosh-server" <<END
#!/bin/sh
MOSH_SERVER_NETWORK_TMOUT=1 exec $OURS_BINDIR/mosh-server "\$@"
END
chmod +x "$WORK/client" "$WORK/home/bin/mosh-server"
cp /etc/passwd "$WORK/passwd"
mount --bind "$WORK/passwd" /etc/passwd
mount --bind "$WORK/home" "$home"

port=$((20000 + RANDOM % 12000))
dropbear -F -E -s -r "$WORK/keys/host" -p "127.0.0.1:$port" -P "$WORK/pid" >"$WORK/log" 2>&1 </dev/null &
at_exit end_process $!
cat >"$WORK/ssh_config" <<END
Host small
    HostName 127.0.0.1
    Port $port
    User root
    IdentityFile $WORK/keys/user
    IdentitiesOnly yes
    IdentityAgent none
    UserKnownHostsFile /dev/null
    StrictHostKeyChecking no
    LogLevel ERROR
    BatchMode yes
END
check "dropbear lets us in" wait_until 10 ssh -F "$WORK/ssh_config" -n small true

# What a login shell has to say for itself is not of interest.
start() {
    timeout 60 "$MOSH" --ssh="ssh -F $WORK/ssh_config" --client="$WORK/client" "$@" small 2>&1 </dev/null | tail -n 1
}

for shell in /bin/sh "$(command -v busybox)" "$(command -v tcsh)" "$(command -v fish)"; do
    use=$shell
    if [ "${shell##*/}" = busybox ]; then # whose name says what it is
        ln -sf "$shell" "$WORK/ash"
        use=$WORK/ash
    fi
    grep -qxF "$use" /etc/shells || { # dropbear looks for it there
        cat /etc/shells >"$WORK/shells" && echo "$use" >>"$WORK/shells"
        umount /etc/shells 2>/dev/null
        mount --bind "$WORK/shells" /etc/shells
    }
    sed -i "s|^\(root:.*:\)[^:]*\$|\1$use|" "$WORK/passwd"
    cat "$WORK/passwd" >/etc/passwd
    check_equal "a start with ${use##*/} as the login shell" "joined 127.0.0.1" "$(start --bind-server=any)"
    check_equal "and without a terminal" "joined 127.0.0.1" "$(start --no-ssh-pty)"
done

sed -i "s|^\(root:.*:\)[^:]*\$|\1/bin/sh|" "$WORK/passwd"
cat "$WORK/passwd" >/etc/passwd
failed=0
for ((i = 0; i < ${DROPBEAR_RUNS:-20}; i++)); do
    said=$(start)
    [ "$said" = "joined 127.0.0.1" ] || { failed=$((failed + 1)) && note "$said"; }
done
check_equal "R16: and again and again" 0 "$failed"
finish
