/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the doctor makes of what it found out: each fault with its verdict and its advice, and for
   all combinations of them that the first one in the order of a session's start decides. */

#include "../lib/unit.h"

#include <stdio.h>

#include "launch/doctor_verdict.h"

static struct doctor_facts facts;
static struct doctor_verdict verdict;

static void name(char *out, const char *text)
{
    snprintf(out, DOCTOR_TEXT_MAX + 1, "%s", text);
}

static struct doctor_path good_path(const char *address)
{
    struct doctor_path p = {
        .is_ipv6 = strchr(address, ':') != NULL,
        .is_named = true,
        .answered = true,
        .first_ms = 20,
        .sent = 26,
        .received = 25,
        .exchanges = 20,
        .has_rtt = true,
        .rtt_min_ms = 18,
        .rtt_mean_ms = 20,
        .rtt_max_ms = 25,
        .echoed = true,
        .echo_ms = 30,
        .has_packet = true,
        .packet_passed = 1500,
        .packet_received = 1280,
        .screen = DOCTOR_YES,
    };
    name(p.address, address);
    return p;
}

static struct doctor_path silent_path(const char *address)
{
    struct doctor_path p = {.is_ipv6 = strchr(address, ':') != NULL, .is_named = true, .sent = 12};
    name(p.address, address);
    return p;
}

/* A host where all is well. */
static int be_well(void **state)
{
    (void)state;
    facts = (struct doctor_facts){
        .host = "me@far",
        .client = "mosh-client",
        .command = "mosh-server",
        .binds_to_ssh = true,
        .terminal = {.is_terminal = DOCTOR_YES,
                     .term = "xterm-256color",
                     .has_entry = DOCTOR_YES,
                     .colors = 256,
                     .asked = true,
                     .answered = DOCTOR_YES},
        .ssh = {.connected = DOCTOR_YES, .ms = 300, .way = "proxy", .address = "192.0.2.1"},
        .remote = {.system = "Linux debian",
                   .user = "me",
                   .own_address = "192.0.2.1",
                   .locale = "en_US.UTF-8",
                   .charset = "UTF-8",
                   .utf8_locale = "C.utf8",
                   .has_locale_list = true,
                   .has_logind = true,
                   .kills = DOCTOR_NO,
                   .lingers = DOCTOR_NO},
        .server = {.found = DOCTOR_YES,
                   .path = "/usr/bin/mosh-server",
                   .version = "1.4.0",
                   .kind = DOCTOR_KIND_STOCK,
                   .started = true,
                   .port = 60001,
                   .heard = DOCTOR_YES},
        .probed = true,
        .path_count = 1,
    };
    facts.path[0] = good_path("192.0.2.1");
    facts.path[0].is_chosen = facts.path[0].is_reported = true;
    return 0;
}

static const struct doctor_finding *found(enum doctor_code code)
{
    for (size_t i = 0; i < verdict.count; i++) {
        if (verdict.at[i].code == code)
            return &verdict.at[i];
    }
    return NULL;
}

/* The one finding is this fault, with this verdict; both texts have these parts. */
static void check_fault(enum doctor_outcome outcome, enum doctor_code code, const char *what,
                        const char *advice)
{
    doctor_judge(&facts, &verdict);
    assert_string_equal(doctor_outcome_name(verdict.outcome), doctor_outcome_name(outcome));
    assert_int_equal(verdict.count, 1);
    assert_string_equal(doctor_code_name(verdict.at[0].code), doctor_code_name(code));
    assert_true(verdict.at[0].is_fault);
    if (!strstr(verdict.at[0].what, what))
        fail_msg("\"%s\" has no \"%s\"", verdict.at[0].what, what);
    if (!strstr(verdict.at[0].advice, advice))
        fail_msg("\"%s\" has no \"%s\"", verdict.at[0].advice, advice);
}

/* The one finding is this remark, and a session would work. */
static void check_remark(enum doctor_code code, const char *what, const char *advice)
{
    doctor_judge(&facts, &verdict);
    assert_int_equal(verdict.outcome, VERDICT_WELL);
    assert_int_equal(verdict.count, 1);
    assert_string_equal(doctor_code_name(verdict.at[0].code), doctor_code_name(code));
    assert_false(verdict.at[0].is_fault);
    if (!strstr(verdict.at[0].what, what))
        fail_msg("\"%s\" has no \"%s\"", verdict.at[0].what, what);
    if (!strstr(verdict.at[0].advice, advice))
        fail_msg("\"%s\" has no \"%s\"", verdict.at[0].advice, advice);
}

static void check_well(void)
{
    doctor_judge(&facts, &verdict);
    if (verdict.count > 0)
        fail_msg("%s: %s", doctor_code_name(verdict.at[0].code), verdict.at[0].what);
    assert_int_equal(verdict.outcome, VERDICT_WELL);
}

static void all_is_well(void **state)
{
    (void)state;
    check_well();
    assert_int_equal(doctor_exit_status(VERDICT_WELL), 0);
}

/* --- this side --- */

static void a_terminal_that_nobody_knows(void **state)
{
    (void)state;
    facts.terminal.has_entry = DOCTOR_NO;
    name(facts.terminal.term, "frobozz");
    check_fault(VERDICT_BAD_TERMINAL, FOUND_TERM_UNKNOWN, "frobozz", "TERM=xterm-256color mosh");
    facts.terminal.term[0] = '\0';
    check_fault(VERDICT_BAD_TERMINAL, FOUND_TERM_UNKNOWN, "TERM is not set", "TERM=");
    facts.terminal.entry_guessed = true;
    check_well();
    facts.terminal.entry_guessed = false;
    facts.terminal.is_terminal = DOCTOR_NO; /* nobody sits there */
    check_well();
}

static void a_terminal_that_does_not_answer(void **state)
{
    (void)state;
    facts.terminal.answered = DOCTOR_NO;
    check_remark(FOUND_TERMINAL_SILENT, "not answered", "MOSH_NO_PROBE=1");
    facts.terminal.asked = false;
    facts.terminal.answered = DOCTOR_UNKNOWN;
    check_well();
}

static void ssh_fails(void **state)
{
    (void)state;
    facts.ssh.connected = DOCTOR_NO;
    facts.ssh.status = 255;
    snprintf(facts.ssh.words, sizeof facts.ssh.words, "Permission denied (publickey).");
    check_fault(VERDICT_NO_SSH, FOUND_SSH_FAILED, "Permission denied", "ssh me@far");
    assert_int_equal(doctor_exit_status(VERDICT_NO_SSH), 255);
    facts.ssh.status = 1;
    snprintf(facts.ssh.words, sizeof facts.ssh.words, "This account is not available.");
    check_fault(VERDICT_NO_SSH, FOUND_NO_SHELL, "not available", "echo hello");
}

/* --- the server --- */

static void no_server(void **state)
{
    (void)state;
    facts.server = (struct doctor_server){.found = DOCTOR_NO};
    facts.path_count = 0;
    check_fault(VERDICT_NO_SERVER, FOUND_SERVER_MISSING, "me@far", "apt install mosh");
    assert_int_equal(doctor_exit_status(VERDICT_NO_SERVER), 254);
    name(facts.remote.system, "Linux alpine");
    check_fault(VERDICT_NO_SERVER, FOUND_SERVER_MISSING, "", "apk add mosh");
    name(facts.remote.system, "Plan9");
    check_fault(VERDICT_NO_SERVER, FOUND_SERVER_MISSING, "", "install mosh on me@far");
}

static void a_server_that_does_not_start(void **state)
{
    (void)state;
    facts.server.started = false;
    facts.server.status = 3;
    snprintf(facts.server.words, sizeof facts.server.words, "it hurts");
    check_fault(VERDICT_SERVER_FAILS, FOUND_SERVER_FAILED, "(status 3): it hurts",
                "ssh me@far mosh-server new -v");
    assert_int_equal(doctor_exit_status(VERDICT_SERVER_FAILS), 253);
    facts.server.status = 126;
    check_fault(VERDICT_SERVER_FAILS, FOUND_SERVER_FAILED, "126", "executable");
    facts.server.status = 127;
    snprintf(facts.server.words, sizeof facts.server.words, "sh: mosh-server: not found");
    check_fault(VERDICT_NO_SERVER, FOUND_SERVER_MISSING, "", "apt install mosh");
    snprintf(facts.server.words, sizeof facts.server.words,
             "error while loading shared libraries: libz.so.1");
    check_fault(VERDICT_SERVER_FAILS, FOUND_SERVER_FAILED, "libz", "what it lacks");
}

static void a_server_that_is_too_old(void **state)
{
    (void)state;
    name(facts.server.version, "1.2.4");
    check_remark(FOUND_SERVER_OLD, "1.2.4", "update mosh on me@far");
    facts.port_asked = "60010:60020";
    facts.server.started = false;
    facts.server.says_bad_port = true;
    facts.server.status = 1;
    check_fault(VERDICT_SERVER_FAILS, FOUND_SERVER_BAD_PORT, "1.2.4", "-p 60010");
    facts.port_asked = "60010"; /* then that is not it */
    check_fault(VERDICT_SERVER_FAILS, FOUND_SERVER_FAILED, "status 1", "");
    name(facts.server.version, "1.4.1");
    facts.server.started = true;
    check_well();
    name(facts.server.version, "2.0");
    check_well();
}

static void a_server_without_its_locale(void **state)
{
    (void)state;
    facts.server.started = false;
    facts.server.says_locale = true;
    facts.server.status = 1;
    name(facts.remote.locale, "de_DE");
    name(facts.remote.charset, "ISO-8859-1");
    check_fault(VERDICT_SERVER_FAILS, FOUND_SERVER_LOCALE, "\"de_DE\"",
                "--server=\"env LC_ALL=C.utf8 mosh-server\"");
    facts.remote.utf8_locale[0] = '\0';
    check_fault(VERDICT_SERVER_FAILS, FOUND_SERVER_LOCALE, "UTF-8", "install a UTF-8 locale");
}

static void our_server_needs_no_locale(void **state)
{
    (void)state;
    facts.server.kind = DOCTOR_KIND_OURS;
    name(facts.server.version, "2.0.0");
    facts.remote.locale[0] = '\0';
    name(facts.remote.charset, "ANSI_X3.4-1968");
    check_remark(FOUND_LOCALE_OTHER, "\"POSIX\"", "");
    facts.remote.utf8_locale[0] = '\0';
    check_remark(FOUND_LOCALE_NONE, "no UTF-8 locale", "C.UTF-8");
    facts.remote.charset[0] = '\0'; /* there is no `locale` (R19) */
    check_well();
}

/* --- what becomes of it (R26) --- */

static void R26_logind_ends_it(void **state)
{
    (void)state;
    facts.remote.kills = DOCTOR_YES;
    check_fault(VERDICT_ENDED_EARLY, FOUND_KILLED_AT_LOGOUT, "KillUserProcesses=yes",
                "sudo loginctl enable-linger me; then here: --server=\"systemd-run --user");
    facts.remote.lingers = DOCTOR_YES; /* which is not enough: the session's scope is ended */
    check_fault(VERDICT_ENDED_EARLY, FOUND_KILLED_AT_LOGOUT, "me leaves behind",
                "--server=\"systemd-run --user --scope");
    facts.command = "systemd-run --user --scope --quiet mosh-server";
    check_well();
    facts.remote.lingers = DOCTOR_NO;
    check_fault(VERDICT_ENDED_EARLY, FOUND_KILLED_AT_LOGOUT, "", "sudo loginctl enable-linger me");
    assert_null(strstr(verdict.at[0].advice, "--server"));
}

static void logind_spares_some(void **state)
{
    (void)state;
    facts.remote.kills = DOCTOR_YES;
    name(facts.remote.user, "root"); /* as it is where nothing is said of it */
    check_well();
    facts.remote.has_exclude_list = true;
    check_fault(VERDICT_ENDED_EARLY, FOUND_KILLED_AT_LOGOUT, "", "");
    facts.remote.is_excluded = true;
    check_well();
    facts.remote.is_excluded = false;
    facts.is_local = true; /* no login */
    check_well();
}

static void ssh_is_a_service(void **state)
{
    (void)state;
    name(facts.remote.service, "ssh@7-192.0.2.1:22-198.51.100.2:5511.service");
    name(facts.remote.killmode, "control-group");
    check_fault(VERDICT_ENDED_EARLY, FOUND_KILLED_WITH_SERVICE, "a service for each connection",
                "in ssh@.service: KillMode=process");
    name(facts.remote.killmode, "process");
    check_well();
}

/* --- the ways --- */

static void nothing_gets_there(void **state)
{
    (void)state;
    facts.path[0] = silent_path("192.0.2.1");
    facts.path[0].is_chosen = true;
    facts.server.heard = DOCTOR_NO;
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED_OUT, "(192.0.2.1: silence)",
                "udp dport 60001-60999 accept");
    assert_int_equal(doctor_exit_status(VERDICT_NO_UDP), 250);
    name(facts.path[0].report, "prohibited");
    name(facts.path[0].reporter, "198.51.100.1");
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED_OUT, "(192.0.2.1: prohibited, says 198.51.100.1)",
                "security group");
    facts.port_asked = "60010";
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED_OUT, "", "let UDP 60010 in to me@far");
}

static void the_firewall_that_is_on_is_named(void **state)
{
    (void)state;
    facts.path[0] = silent_path("192.0.2.1");
    facts.path[0].is_chosen = true;
    facts.server.heard = DOCTOR_NO;
    name(facts.remote.firewall, "ufw");
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED_OUT, "",
                "on me@far: sudo ufw allow 60001:60999/udp");
    name(facts.remote.firewall, "firewalld");
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED_OUT, "",
                "sudo firewall-cmd --permanent --add-port=60001-60999/udp");
    facts.ssh.jump[0] = 'j'; /* which may matter, too; but this is sure */
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED_OUT, "", "firewall-cmd");
}

static void nothing_comes_back(void **state)
{
    (void)state;
    facts.path[0] = silent_path("192.0.2.1");
    facts.path[0].is_chosen = true;
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED_BACK, "get to me@far, but none comes back",
                "out of me@far");
}

static void nothing_leaves_this_machine(void **state)
{
    (void)state;
    facts.path_count = 2;
    for (size_t i = 0; i < 2; i++) {
        facts.path[i] = silent_path(i ? "2001:db8::1" : "192.0.2.1");
        facts.path[i].is_unsent = true;
        name(facts.path[i].report, "Network is unreachable");
        name(facts.path[i].reporter, "this machine");
    }
    facts.path[0].is_chosen = true;
    facts.server.heard = DOCTOR_NO;
    check_fault(VERDICT_NO_UDP, FOUND_UDP_UNSENT,
                "sends nothing to me@far (192.0.2.1: Network is unreachable, says this machine; ",
                "its own firewall");
    facts.path[0].is_unsent = false;
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED_OUT, "", "let UDP");
}

static void the_server_has_died(void **state)
{
    (void)state;
    facts.path[0] = silent_path("192.0.2.1");
    facts.path[0].is_chosen = true;
    name(facts.path[0].report, "port unreachable");
    facts.server.heard = DOCTOR_NO;
    facts.server.alive = DOCTOR_YES; /* then a firewall says so */
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED_OUT, "port unreachable", "let UDP");
    facts.server.alive = DOCTOR_NO;
    snprintf(facts.server.words, sizeof facts.server.words, "Bad system call");
    check_fault(VERDICT_SERVER_FAILS, FOUND_SERVER_DIED, "has ended: Bad system call", "SELinux");
}

static void nobody_knows_in_which_direction(void **state)
{
    (void)state;
    facts.path[0] = silent_path("192.0.2.1");
    facts.path[0].is_chosen = true;
    facts.server.heard = DOCTOR_UNKNOWN;
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED, "does not tell whether any arrives", "let UDP");
}

static void behind_translation_or_a_jump_host(void **state)
{
    (void)state;
    facts.path[0] = silent_path("192.0.2.1");
    facts.path[0].is_chosen = true;
    facts.server.heard = DOCTOR_NO;
    name(facts.remote.own_address, "10.0.0.5");
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED_OUT, "",
                "10.0.0.5 behind address translation: have the router before it forward UDP");
    name(facts.path[0].address, "10.1.0.1"); /* from one private network to another */
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED_OUT, "", "10.0.0.5 behind address translation");
    name(facts.path[0].address, "192.0.2.1");
    name(facts.remote.own_address, "192.0.2.1");
    name(facts.ssh.jump, "gate");
    check_fault(VERDICT_NO_UDP, FOUND_UDP_BLOCKED_OUT, "", "ssh goes through gate, and UDP cannot");
}

static void the_wrong_address(void **state)
{
    (void)state;
    facts.path_count = 2;
    facts.path[0] = silent_path("10.0.0.5");
    facts.path[0].is_chosen = facts.path[0].is_reported = true;
    facts.path[0].is_named = false;
    facts.path[1] = good_path("192.0.2.1");
    check_fault(VERDICT_WRONG_ADDRESS, FOUND_ADDRESS_WRONG,
                "10.0.0.5, which is what the server takes for its own, where nothing answers; "
                "192.0.2.1 does",
                "mosh --experimental-remote-ip=local me@far");
    assert_int_equal(doctor_exit_status(VERDICT_WRONG_ADDRESS), 249);

    facts.path[0].is_named = true; /* the name's own is a trap, and the server knows better */
    facts.path[0].is_reported = false;
    facts.path[1].is_named = false;
    facts.path[1].is_reported = true;
    check_fault(VERDICT_WRONG_ADDRESS, FOUND_ADDRESS_WRONG, "", "remote-ip=remote me@far");
}

static void one_family_works(void **state)
{
    (void)state;
    facts.path_count = 2;
    facts.path[0] = silent_path("192.0.2.1");
    facts.path[0].is_chosen = true;
    facts.path[1] = good_path("2001:db8::1");
    check_fault(VERDICT_WRONG_ADDRESS, FOUND_ADDRESS_WRONG, "2001:db8::1 does", "mosh -6 me@far");

    facts.path[0] = silent_path("2001:db8::1");
    facts.path[0].is_chosen = true;
    facts.path[1] = good_path("192.0.2.1");
    check_fault(VERDICT_WRONG_ADDRESS, FOUND_ADDRESS_WRONG, "", "mosh -4 me@far");

    facts.path[0].is_chosen = false;
    facts.path[1].is_chosen = true;
    check_remark(FOUND_ADDRESS_SILENT, "2001:db8::1", "IPv6");
    facts.path[0].is_named = false; /* what the server alone calls its own may be of no use here */
    facts.path[0].is_reported = true;
    check_well();
}

/* A client that hears nothing tries the others, and finds the server where that listens. */
static void a_detour(void **state)
{
    (void)state;
    facts.path_count = 3;
    facts.path[0] = silent_path("192.0.2.1");
    facts.path[0].is_chosen = true;
    facts.path[1] = good_path("198.51.100.1"); /* that answers, but is not tried */
    facts.path[1].is_named = false;
    facts.path[2] = good_path("2001:db8::1");
    facts.path[2].is_tried = true;
    facts.server.kind = DOCTOR_KIND_OURS;
    facts.binds_everywhere_if_it_can = true;
    check_remark(FOUND_ADDRESS_DETOUR,
                 "192.0.2.1, where nothing answers, and then finds 2001:db8::1",
                 "to spare the wait: mosh -6 me@far");
    facts.server.kind = DOCTOR_KIND_STOCK; /* which listens where ssh's server is reached */
    check_fault(VERDICT_WRONG_ADDRESS, FOUND_ADDRESS_WRONG, "198.51.100.1 does", "");
    facts.binds_to_ssh = false;
    check_remark(FOUND_ADDRESS_DETOUR, "2001:db8::1", "mosh -6");
    facts.binds_to_ssh = true;
    facts.path[2] = good_path("203.0.113.1");
    facts.path[2].is_tried = true;
    check_remark(FOUND_ADDRESS_DETOUR, "then finds 203.0.113.1", "");
}

static void no_address_at_all(void **state)
{
    (void)state;
    facts.path_count = 0;
    check_fault(VERDICT_WRONG_ADDRESS, FOUND_NO_ADDRESS, "not known", "remote-ip=local");
    facts.ssh.way = "local";
    check_fault(VERDICT_WRONG_ADDRESS, FOUND_NO_ADDRESS, "not known", "remote-ip=remote");
}

static void ssh_comes_in_over_loopback(void **state)
{
    (void)state;
    name(facts.remote.own_address, "127.0.0.1");
    facts.path[0].is_reported = false;
    check_fault(VERDICT_WRONG_ADDRESS, FOUND_BOUND_WRONG, "loopback", "mosh --bind-server=any");
    facts.binds_to_ssh = false;
    check_well();
    facts.binds_to_ssh = true;
    facts.server.kind = DOCTOR_KIND_OURS; /* which listens everywhere if it is not told */
    facts.binds_everywhere_if_it_can = true;
    check_well();
    facts.binds_everywhere_if_it_can = false;
    check_fault(VERDICT_WRONG_ADDRESS, FOUND_BOUND_WRONG, "loopback", "mosh --bind-server=any");
    name(facts.path[0].address, "127.0.0.1"); /* a session with this machine */
    check_well();
}

/* --- how good they are --- */

static void losses(void **state)
{
    (void)state;
    facts.path[0].lost = 1;
    facts.path[0].missing = 2; /* of 27 */
    check_well();
    facts.path[0].lost = 2;
    check_remark(FOUND_LOSS, "2 of 20 there, 2 of 27 on the way back", "delays");
    facts.path[0].lost = 0;
    facts.path[0].missing = 5;
    check_remark(FOUND_LOSS, "5 of 30 on the way back", "");
}

static void sizes(void **state)
{
    (void)state;
    facts.path[0].packet_passed = 1280;
    facts.path[0].packet_lost = 1281;
    check_remark(FOUND_MTU_BLACK_HOLE, "packets over 1280 bytes vanish", "nothing for mosh");
    facts.path[0].packet_told = 1280; /* as it should be */
    check_well();
    facts.path[0].packet_passed = 1000;
    check_remark(FOUND_MTU_SMALL, "over 1000 bytes do not get to me@far", "needs 1280");
    facts.path[0].packet_passed = 0;
    facts.path[0].packet_lost = 576;
    check_remark(FOUND_MTU_SMALL, "packets of 576 bytes", "");
    facts.path[0].has_packet = false; /* this system cannot tell */
    check_well();
}

static void large_screens(void **state)
{
    (void)state;
    facts.path[0].screen = DOCTOR_NO;
    facts.path[0].packet_passed = 1000;
    facts.path[0].packet_received = 400;
    check_fault(VERDICT_NO_UDP, FOUND_LARGE_SCREENS, "had 400 bytes", "mtu 1000");
    facts.path[0].lost = 6; /* then it may be bad luck */
    check_remark(FOUND_LOSS, "", "");
    facts.path[0].lost = 0;
    facts.path[0].screen = DOCTOR_UNKNOWN;
    check_well();
}

static void no_echo(void **state)
{
    (void)state;
    facts.path[0].echoed = false;
    check_remark(FOUND_NO_ECHO, "echo", "ssh -t me@far cat");
}

/* --- everything with everything --- */

enum part { TERMINAL, SSH, MISSING, FAILING, KILLED, SILENT, WRONG, PARTS };

static void break_part(enum part part)
{
    switch (part) {
    case TERMINAL:
        facts.terminal.has_entry = DOCTOR_NO;
        break;
    case SSH:
        facts.ssh.connected = DOCTOR_NO;
        facts.ssh.status = 255;
        break;
    case MISSING:
        facts.server.found = DOCTOR_NO;
        facts.server.started = false;
        break;
    case FAILING:
        facts.server.started = false;
        facts.server.status = 1;
        break;
    case KILLED:
        facts.remote.kills = DOCTOR_YES;
        break;
    case SILENT:
        for (size_t i = 0; i < facts.path_count; i++)
            facts.path[i].answered = false;
        break;
    case WRONG:
        facts.path[0].answered = false;
        break;
    case PARTS:
        break;
    }
}

static enum doctor_outcome expected_outcome(unsigned broken)
{
    static const struct expectation {
        enum part part;
        enum doctor_outcome outcome;
    } in_order[] = {
        {TERMINAL, VERDICT_BAD_TERMINAL}, {SSH, VERDICT_NO_SSH},    {MISSING, VERDICT_NO_SERVER},
        {FAILING, VERDICT_SERVER_FAILS},  {SILENT, VERDICT_NO_UDP}, {WRONG, VERDICT_WRONG_ADDRESS},
        {KILLED, VERDICT_ENDED_EARLY},
    };
    for (size_t i = 0; i < sizeof in_order / sizeof *in_order; i++) {
        if (broken & 1u << in_order[i].part)
            return in_order[i].outcome;
    }
    return VERDICT_WELL;
}

static void the_first_fault_decides(void **state)
{
    for (unsigned broken = 0; broken < 1u << PARTS; broken++) {
        be_well(state);
        facts.path_count = 2;
        facts.path[1] = good_path("2001:db8::1");
        for (enum part part = 0; part < PARTS; part++) {
            if (broken & 1u << part)
                break_part(part);
        }
        doctor_judge(&facts, &verdict);
        if (verdict.outcome != expected_outcome(broken))
            fail_msg("%x: %s", broken, doctor_outcome_name(verdict.outcome));
        /* What is wrong is said, whatever else is; but of what nobody has seen nothing is said. */
        bool connected = !(broken & 1u << SSH);
        assert_int_equal(found(FOUND_TERM_UNKNOWN) != NULL, (broken & 1u << TERMINAL) != 0);
        assert_int_equal(found(FOUND_SSH_FAILED) != NULL, !connected);
        assert_int_equal(found(FOUND_KILLED_AT_LOGOUT) != NULL,
                         connected && (broken & 1u << KILLED));
        for (size_t i = 0; i < verdict.count; i++) {
            assert_true(verdict.at[i].what[0]);
            if (verdict.at[i].is_fault)
                assert_true(verdict.at[i].advice[0]);
        }
    }
}

/* Long texts from others are cut, and there is room for all findings. */
static void texts_of_any_length(void **state)
{
    (void)state;
    char *const texts[] = {facts.terminal.term,   facts.ssh.jump,        facts.remote.own_address,
                           facts.remote.user,     facts.remote.service,  facts.remote.locale,
                           facts.server.version,  facts.path[0].address, facts.path[0].report,
                           facts.path[0].reporter};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        memset(texts[i], 'x', DOCTOR_TEXT_MAX);
        texts[i][DOCTOR_TEXT_MAX] = '\0';
    }
    for (unsigned broken = 0; broken < 1u << PARTS; broken++) {
        for (enum part part = 0; part < PARTS; part++) {
            if (broken & 1u << part)
                break_part(part);
        }
        doctor_judge(&facts, &verdict);
        assert_true(verdict.count < DOCTOR_FINDINGS_MAX);
    }
}

static void names_are_there_and_differ(void **state)
{
    (void)state;
    for (int a = 0; a < FOUND_CODES; a++) {
        for (int b = 0; b < a; b++)
            assert_string_not_equal(doctor_code_name((enum doctor_code)a),
                                    doctor_code_name((enum doctor_code)b));
    }
    for (int a = 0; a < VERDICTS; a++) {
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(doctor_outcome_name((enum doctor_outcome)a),
                                    doctor_outcome_name((enum doctor_outcome)b));
            assert_int_not_equal(doctor_exit_status((enum doctor_outcome)a),
                                 doctor_exit_status((enum doctor_outcome)b));
        }
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, be_well)
    const struct CMUnitTest tests[] = {
        TEST(all_is_well),
        TEST(a_terminal_that_nobody_knows),
        TEST(a_terminal_that_does_not_answer),
        TEST(ssh_fails),
        TEST(no_server),
        TEST(a_server_that_does_not_start),
        TEST(a_server_that_is_too_old),
        TEST(a_server_without_its_locale),
        TEST(our_server_needs_no_locale),
        TEST(R26_logind_ends_it),
        TEST(logind_spares_some),
        TEST(ssh_is_a_service),
        TEST(nothing_gets_there),
        TEST(the_firewall_that_is_on_is_named),
        TEST(nothing_comes_back),
        TEST(nothing_leaves_this_machine),
        TEST(the_server_has_died),
        TEST(nobody_knows_in_which_direction),
        TEST(behind_translation_or_a_jump_host),
        TEST(the_wrong_address),
        TEST(one_family_works),
        TEST(a_detour),
        TEST(no_address_at_all),
        TEST(ssh_comes_in_over_loopback),
        TEST(losses),
        TEST(sizes),
        TEST(large_screens),
        TEST(no_echo),
        TEST(the_first_fault_decides),
        TEST(texts_of_any_length),
        TEST(names_are_there_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
