# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034  # SSH and others are for the tests
#
# sshd: a real OpenSSH server on a spare port of the loopback interface, with its own host key,
# client key and configuration, all in $WORK. Nothing of the system or of the user's ~/.ssh is read
# or written, but for the empty directory /run/sshd where sshd is started as root. Works as root and as an ordinary user. Needs testlib.sh.
#
#   sshd_start [LINE...]    starts it; the lines are added to sshd_config. Returns 1 if logging in
#                           does not work here, and says why in $SSHD_TROUBLE
#   sshd_stop               is called at the end of the test by itself
#
# Set by sshd_start:
#   SSHD_PORT, SSHD_LOG
#   SSH_CONFIG              a client configuration; the server is the host `testhost` in it
#                           (and `testhost6` over IPv6, where there is any)
#   SSH                     the command `ssh -F $SSH_CONFIG`, as --ssh= takes it

_sshd_pid=

sshd_start() {
    local dir=$WORK/sshd pam try
    SSHD_TROUBLE=
    _sshd_program=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) || {
        SSHD_TROUBLE="there is no sshd"
        return 1
    }
    mkdir -p "$dir" && chmod 700 "$dir"
    SSHD_LOG=$dir/log
    SSH_CONFIG=$dir/ssh_config
    SSH="ssh -F $SSH_CONFIG"
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$dir/host_key" </dev/null
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$dir/user_key" </dev/null
    cp "$dir/user_key.pub" "$dir/authorized_keys"
    _sshd_make_run_dir
    at_exit sshd_stop
    # PAM prints greetings and needs root, but an account without a password may need it.
    for pam in no yes; do
        for try in 1 2 3; do
            SSHD_PORT=$((20000 + RANDOM % 12000))
            _sshd_write_config "$dir" "$pam" "$@"
            if _sshd_launch "$dir" && wait_until 10 _sshd_settled && ! is_gone "$_sshd_pid"; then
                return 0
            fi
            end_process "$_sshd_pid"
            grep -q 'Address already in use' "$SSHD_LOG" || break
        done
    done
    SSHD_TROUBLE="cannot log in at a sshd of our own on try $try: $(tail -n 3 "$SSHD_LOG")"
    return 1
}

sshd_stop() {
    [ -z "$_sshd_pid" ] || end_process "$_sshd_pid"
    _sshd_pid=
}

# As root, sshd insists on this directory, which the system makes when its own sshd starts. It stays,
# empty and until the next boot, because tests that run at the same time share it.
_sshd_make_run_dir() {
    [ "$(id -u)" -ne 0 ] || [ -d /run/sshd ] || mkdir -m 755 /run/sshd 2>/dev/null
}

_sshd_write_config() {
    local dir=$1 pam=$2
    shift 2
    {
        echo "Port $SSHD_PORT"
        echo "ListenAddress 127.0.0.1"
        [ ! -e /proc/net/if_inet6 ] || echo "ListenAddress ::1"
        echo "HostKey $dir/host_key"
        echo "AuthorizedKeysFile $dir/authorized_keys"
        echo "PidFile none"
        echo "StrictModes no"
        echo "PermitRootLogin yes"
        echo "PasswordAuthentication no"
        echo "KbdInteractiveAuthentication no"
        echo "UsePAM $pam"
        echo "PrintMotd no"
        echo "PrintLastLog no"
        echo "AcceptEnv LANG LC_*"
        echo "MaxStartups 100"
        printf '%s\n' "$@"
    } >"$dir/sshd_config"
    {
        printf 'testhost '
        cat "$dir/host_key.pub"
    } >"$dir/known_hosts"
    cat >"$SSH_CONFIG" <<END
Host testhost
    HostName 127.0.0.1
Host testhost6
    HostName ::1
Host *
    HostKeyAlias testhost
    Port $SSHD_PORT
    User $(id -un)
    IdentityFile $dir/user_key
    IdentitiesOnly yes
    IdentityAgent none
    UserKnownHostsFile $dir/known_hosts
    GlobalKnownHostsFile /dev/null
    StrictHostKeyChecking yes
    BatchMode yes
    ConnectTimeout 10
END
}

_sshd_launch() {
    "$_sshd_program" -D -e -f "$1/sshd_config" </dev/null >>"$SSHD_LOG" 2>&1 &
    _sshd_pid=$!
}

# Whether there is no need to wait any longer: one can log in, or it has ended.
_sshd_settled() {
    is_gone "$_sshd_pid" || timeout 10 ssh -F "$SSH_CONFIG" -n testhost true
}
