/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the doctor's script on the other machine says, and how it is read. That the script runs in
   every shell is tests/e2e/doctor.sh's to see. */

#include "../lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "launch/doctor_client.h"
#include "launch/doctor_remote.h"

static struct doctor_report report;

static int forget(void **state)
{
    (void)state;
    report = (struct doctor_report){.finished = false};
    return 0;
}

static void hear(const char *line)
{
    doctor_report_line(&report, line, strlen(line));
}

/* --- the script --- */

static void the_script_is_fit_for_every_shell(void **state)
{
    (void)state;
    struct buf command = {0};
    doctor_remote_command(NULL, "new -l 'LANG=it'\\''s'", &command);
    buf_append_byte(&command, '\0');
    const char *text = (const char *)command.data, *script = strchr(text, '\'') + 1;
    const char *end = strchr(script, '\'');
    assert_memory_equal(text, "sh -c '", 7);
    assert_memory_equal(end, "' mosh-doctor '\"$server\"' 'new -l '", 34);
    for (const char *p = script; p < end; p++)
        assert_null(strchr("\\!\n\t", *p)); /* csh and fish see these within quotes */
    assert_non_null(strstr(script, "/opt/homebrew/bin"));
    buf_clear(&command);
    doctor_remote_command("env A=b mosh-server", "new", &command);
    buf_append_byte(&command, '\0');
    assert_null(strstr((const char *)command.data, "/opt/homebrew/bin"));
    assert_non_null(
        strstr((const char *)command.data, "' mosh-doctor 'env A=b mosh-server' 'new'"));
    buf_release(&command);
}

/* --- what it says --- */

static void a_machine_as_usual(void **state)
{
    (void)state;
    hear("Welcome to far!");
    hear("MOSH IP 192.0.2.1");
    assert_false(report.answered);
    hear("MOSH SSH_CONNECTION 198.51.100.2 5000 10.0.0.5 22");
    hear("MOSH DOCTOR system=Linux debian ");
    assert_true(report.answered);
    hear("MOSH DOCTOR distribution=Debian GNU/Linux 12 (bookworm)");
    hear("MOSH DOCTOR user=me");
    hear("MOSH DOCTOR server=/usr/bin/mosh-server");
    hear("MOSH DOCTOR version=mosh-server (mosh 1.4.0) [build mosh 1.4.0]");
    hear("MOSH DOCTOR locale=en_US.UTF-8");
    hear("MOSH DOCTOR charset=UTF-8");
    hear("MOSH DOCTOR utf8=C.utf8");
    hear("MOSH DOCTOR logind=yes");
    hear("MOSH DOCTOR kills=b false");
    hear("MOSH DOCTOR lingers=no");
    assert_false(report.finished);
    hear("");
    hear("MOSH CONNECT 60001 4NeCCgvZFe2RnPgrcU1PQw");
    hear("[mosh-server detached, pid = 4711]");
    hear("MOSH DOCTOR status=0");
    assert_true(report.finished);
    assert_false(report.heard);
    hear("Server now attached to client at 198.51.100.2:5512");
    assert_true(report.heard);
    assert_int_equal(report.server.alive, DOCTOR_UNKNOWN);
    hear("It hurts.");
    hear("MOSH DOCTOR alive=no");
    assert_string_equal(report.words,
                        "Server now attached to client at 198.51.100.2:5512 / It hurts.");
    assert_int_equal(report.server.alive, DOCTOR_NO);

    assert_string_equal(report.lines.address, "192.0.2.1");
    assert_string_equal(report.lines.key, "4NeCCgvZFe2RnPgrcU1PQw");
    assert_string_equal(report.remote.own_address, "10.0.0.5");
    assert_string_equal(report.remote.system, "Linux debian");
    assert_string_equal(report.remote.distribution, "Debian GNU/Linux 12 (bookworm)");
    assert_string_equal(report.remote.user, "me");
    assert_string_equal(report.remote.locale, "en_US.UTF-8");
    assert_string_equal(report.remote.charset, "UTF-8");
    assert_string_equal(report.remote.utf8_locale, "C.utf8");
    assert_true(report.remote.has_locale_list && report.remote.has_logind);
    assert_int_equal(report.remote.kills, DOCTOR_NO);
    assert_int_equal(report.remote.lingers, DOCTOR_NO);
    assert_int_equal(report.server.found, DOCTOR_YES);
    assert_string_equal(report.server.path, "/usr/bin/mosh-server");
    assert_string_equal(report.server.version, "1.4.0");
    assert_int_equal(report.server.kind, DOCTOR_KIND_STOCK);
    assert_true(report.server.started);
    assert_int_equal(report.server.port, 60001);
    assert_int_equal(report.server.pid, 4711);
    assert_true(doctor_logs_arrivals(&report.server));
    assert_null(strstr(report.words, "4NeCC"));
}

static void our_server(void **state)
{
    (void)state;
    hear("MOSH DOCTOR version=mosh-server (mosh in C) 2.0.0-dev");
    assert_int_equal(report.server.kind, DOCTOR_KIND_OURS);
    assert_string_equal(report.server.version, "2.0.0-dev");
    assert_true(doctor_logs_arrivals(&report.server));
    hear("MOSH CONNECT 60001 4NeCCgvZFe2RnPgrcU1PQw");
    hear("[mosh-server is running detached, pid = 12]");
    assert_int_equal(report.server.pid, 12);
    hear("mosh-server: the client is at 192.0.2.9:40000");
    assert_true(report.heard);
}

/* One that has no --version tells it when it starts. */
static void an_old_server(void **state)
{
    (void)state;
    hear("MOSH DOCTOR server=/usr/bin/mosh-server");
    hear("MOSH DOCTOR version=Usage: mosh-server new [-s] [-v]");
    assert_int_equal(report.server.kind, DOCTOR_KIND_UNKNOWN);
    hear("mosh-server (mosh 1.2.4)");
    assert_string_equal(report.server.version, "1.2.4");
    assert_false(doctor_logs_arrivals(&report.server));
    hear("mosh-server: Bad UDP port (60001:60010)");
    assert_true(report.server.says_bad_port);
    hear("MOSH DOCTOR status=1");
    assert_true(report.finished);
    assert_false(report.server.started);
    assert_int_equal(report.server.status, 1);
    assert_string_equal(report.words,
                        "mosh-server (mosh 1.2.4) / mosh-server: Bad UDP port (60001:60010)");
}

static void no_server(void **state)
{
    (void)state;
    hear("MOSH DOCTOR system=Linux alpine");
    hear("MOSH DOCTOR missing=yes");
    assert_true(report.finished);
    assert_int_equal(report.server.found, DOCTOR_NO);
}

static void the_last_words_are_kept(void **state)
{
    (void)state;
    char line[40];
    for (int i = 0; i < 200; i++) {
        snprintf(line, sizeof line, "this is remark number %d", i);
        hear(line);
    }
    assert_true(strlen(report.words) <= DOCTOR_WORDS_MAX);
    assert_non_null(
        strstr(report.words, " / this is remark number 198 / this is remark number 199"));
    assert_memory_equal(report.words, "this is remark", 14);
}

/* KillUserProcesses=yes means those whom the lists leave. */
static void R26_what_logind_is_told(void **state)
{
    static const struct {
        const char *lines[4];
        enum doctor_answer kills;
        bool excluded;
    } cases[] = {
        {{"kills=b true"}, DOCTOR_YES, false},
        {{"kills=", "logind-conf=KillUserProcesses=yes"}, DOCTOR_YES, false},
        {{"kills=b false", "logind-conf=KillUserProcesses=yes"},
         DOCTOR_NO,
         false}, /* not reloaded */
        {{"kills=b true", "logind-conf=KillExcludeUsers=root me"}, DOCTOR_YES, true},
        {{"kills=b true", "logind-conf=KillExcludeUsers=root mel"}, DOCTOR_YES, false},
        {{"kills=b true", "logind-conf=KillOnlyUsers=you"}, DOCTOR_YES, true},
        {{"kills=b true", "logind-conf=KillOnlyUsers=you me"}, DOCTOR_YES, false},
        {{"kills=b true", "logind-conf=KillOnlyUsers="}, DOCTOR_YES, false},
        {{"kills="}, DOCTOR_UNKNOWN, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        forget(state);
        hear("MOSH DOCTOR user=me");
        for (size_t n = 0; n < 4 && cases[i].lines[n]; n++) {
            char line[80];
            snprintf(line, sizeof line, "MOSH DOCTOR %s", cases[i].lines[n]);
            hear(line);
        }
        assert_int_equal(report.remote.kills, cases[i].kills);
        assert_int_equal(report.remote.is_excluded, cases[i].excluded);
    }
}

static void nonsense(void **state)
{
    (void)state;
    char line[5000];
    struct rng rng = {3};
    hear("MOSH DOCTOR");
    hear("MOSH DOCTOR ");
    hear("MOSH DOCTOR =");
    hear("MOSH DOCTOR version=");
    hear("MOSH DOCTOR version=(mosh ");
    hear("MOSH DOCTOR status=x");
    hear("MOSH DOCTOR logind-conf=");
    hear("MOSH DOCTOR logind-conf=KillExcludeUsers");
    hear("detached pid = ");
    memset(line, 'y', sizeof line);
    memcpy(line, "MOSH DOCTOR user=", 17);
    doctor_report_line(&report, line, sizeof line);
    assert_int_equal(strlen(report.remote.user), DOCTOR_TEXT_MAX);
    memcpy(line, "MOSH CONNECT ", 13);
    doctor_report_line(&report, line, sizeof line);
    assert_int_equal(report.lines.status, CONNECT_BAD);
    for (int i = 0; i < 10000; i++) {
        size_t len = rng_below(&rng, 300);
        rng_fill(&rng, (uint8_t *)line, len);
        memcpy(line, "MOSH DOCTOR ", rng_below(&rng, 13));
        doctor_report_line(&report, line, len);
    }
    assert_false(report.server.started);
}

/* --- what the client says --- */

static void the_client_of_the_ways(void **state)
{
    (void)state;
    static const char text[] =
        "0.address=192.0.2.1\n0.answered=yes\n0.sent=26\n0.first_ms=21\n0.received=24\n"
        "0.missing=1\n0.exchanges=20\n0.lost=2\n0.rtt_min_ms=0\n0.rtt_mean_ms=20\n"
        "0.rtt_max_ms=22\n0.echo_ms=31\n0.packet_passed=1280\n0.packet_lost=1281\n"
        "0.packet_told=0\n0.packet_received=1272\n0.screen=yes\n"
        "1.answered=no\n1.sent=12\n1.report=port unreachable\n1.reporter=192.0.2.1\n"
        "2.answered=yes\nx.answered=yes\n0.lost=many\n0.unheard=1\nclosed=yes\n";
    struct buf buf = {0};
    struct doctor_path p[2] = {{.sent = 0}};
    buf_append_str(&buf, text);
    doctor_read_paths(&buf, p, 2);
    assert_true(p[0].answered && p[0].has_rtt && p[0].echoed && p[0].has_packet);
    assert_int_equal(p[0].sent, 26);
    assert_int_equal(p[0].first_ms, 21);
    assert_int_equal(p[0].received, 24);
    assert_int_equal(p[0].missing, 1);
    assert_int_equal(p[0].exchanges, 20);
    assert_int_equal(p[0].lost, 2);
    assert_int_equal(p[0].rtt_mean_ms, 20);
    assert_int_equal(p[0].rtt_max_ms, 22);
    assert_int_equal(p[0].echo_ms, 31);
    assert_int_equal(p[0].packet_passed, 1280);
    assert_int_equal(p[0].packet_lost, 1281);
    assert_int_equal(p[0].packet_received, 1272);
    assert_int_equal(p[0].screen, DOCTOR_YES);
    assert_false(p[1].answered || p[1].has_rtt || p[1].echoed || p[1].has_packet);
    assert_string_equal(p[1].report, "port unreachable");
    assert_string_equal(p[1].reporter, "192.0.2.1");
    assert_int_equal(p[1].screen, DOCTOR_UNKNOWN);
    assert_false(p[1].is_unsent);
    buf_clear(&buf);
    buf_append_str(&buf, "1.report=Network is unreachable\n1.reporter=here\n");
    doctor_read_paths(&buf, p, 2);
    assert_true(p[1].is_unsent);
    assert_string_equal(p[1].reporter, "this machine");
    buf_release(&buf);
}

static void the_client_of_the_terminal(void **state)
{
    (void)state;
    struct doctor_terminal t = {.is_terminal = DOCTOR_UNKNOWN};
    struct buf buf = {0};
    buf_append_str(&buf, "terminal=yes\nterm=xterm-256color\nentry=yes\ncolors=256\nasked=yes\n"
                         "answered_ms=12\nidentity=XTerm(379)\nability=clusters\n"
                         "ability=clipboard\n");
    doctor_read_terminal(&buf, &t);
    assert_int_equal(t.is_terminal, DOCTOR_YES);
    assert_string_equal(t.term, "xterm-256color");
    assert_int_equal(t.has_entry, DOCTOR_YES);
    assert_int_equal(t.colors, 256);
    assert_true(t.asked);
    assert_int_equal(t.answered, DOCTOR_YES);
    assert_int_equal(t.answered_ms, 12);
    assert_string_equal(t.identity, "XTerm(379)");
    assert_string_equal(t.abilities, "clusters clipboard");

    t = (struct doctor_terminal){.is_terminal = DOCTOR_UNKNOWN};
    buf_clear(&buf);
    buf_append_str(&buf, "terminal=yes\nterm=xterm-odd\nentry=guessed\ncolors=-1\nasked=yes");
    doctor_read_terminal(&buf, &t);
    assert_true(t.entry_guessed);
    assert_int_equal(t.has_entry, DOCTOR_NO);
    assert_int_equal(t.colors, -1);
    assert_int_equal(t.answered, DOCTOR_NO);

    t = (struct doctor_terminal){.is_terminal = DOCTOR_UNKNOWN};
    buf_clear(&buf);
    buf_append_str(&buf, "Usage: mosh-client IP PORT\n");
    doctor_read_terminal(&buf, &t);
    assert_int_equal(t.is_terminal, DOCTOR_UNKNOWN);
    buf_release(&buf);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, forget)
    const struct CMUnitTest tests[] = {
        TEST(the_script_is_fit_for_every_shell),
        TEST(a_machine_as_usual),
        TEST(our_server),
        TEST(an_old_server),
        TEST(no_server),
        TEST(the_last_words_are_kept),
        TEST(R26_what_logind_is_told),
        TEST(nonsense),
        TEST(the_client_of_the_ways),
        TEST(the_client_of_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
