/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the doctor shows to people and to machines, to a byte. */

#include "../lib/unit.h"

#include <stdio.h>

#include "launch/doctor_print.h"
#include "launch/json.h"

static struct doctor_facts facts;
static struct doctor_verdict verdict;

static int be_well(void **state)
{
    (void)state;
    facts = (struct doctor_facts){
        .host = "far",
        .client = "mosh-client",
        .command = "mosh-server",
        .terminal = {.is_terminal = DOCTOR_YES,
                     .term = "xterm-256color",
                     .has_entry = DOCTOR_YES,
                     .colors = 256,
                     .asked = true,
                     .answered = DOCTOR_YES,
                     .answered_ms = 12,
                     .identity = "XTerm(379)",
                     .abilities = "clusters true-colour"},
        .ssh = {.connected = DOCTOR_YES, .ms = 412, .way = "proxy", .address = "192.0.2.1"},
        .remote = {.system = "Linux debian",
                   .distribution = "Debian GNU/Linux 12 (bookworm)",
                   .user = "me",
                   .own_address = "192.0.2.1",
                   .locale = "C.UTF-8",
                   .charset = "UTF-8",
                   .utf8_locale = "C.utf8",
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
        .path_count = 2,
        .path = {{.address = "192.0.2.1",
                  .is_chosen = true,
                  .is_named = true,
                  .answered = true,
                  .first_ms = 31,
                  .sent = 30,
                  .received = 60,
                  .missing = 1,
                  .exchanges = 20,
                  .lost = 1,
                  .has_rtt = true,
                  .rtt_min_ms = 28,
                  .rtt_mean_ms = 30,
                  .rtt_max_ms = 44,
                  .echoed = true,
                  .echo_ms = 43,
                  .has_packet = true,
                  .packet_passed = 1420,
                  .packet_lost = 1421,
                  .packet_told = 1420,
                  .packet_received = 1280,
                  .screen = DOCTOR_YES},
                 {.address = "2001:db8::1",
                  .is_ipv6 = true,
                  .is_named = true,
                  .sent = 9,
                  .report = "prohibited",
                  .reporter = "2001:db8::ff"}},
    };
    return 0;
}

static void check_table(const char *want)
{
    struct buf out = {0};
    doctor_judge(&facts, &verdict);
    doctor_print_table(&facts, &verdict, &out);
    buf_append_byte(&out, '\0');
    assert_string_equal((const char *)out.data, want);
    buf_release(&out);
}

static void a_table(void **state)
{
    (void)state;
    check_table("terminal  xterm-256color, in terminfo, 256 colours\n"
                "          it says that it is XTerm(379)\n"
                "          it has clusters true-colour\n"
                "ssh       a shell after 412 ms to 192.0.2.1, directly\n"
                "server    /usr/bin/mosh-server, version 1.4.0, on Debian GNU/Linux 12 (bookworm)\n"
                "          locale C.UTF-8 (UTF-8); sessions outlive the login\n"
                "UDP       address         first RTT in ms   lost   back    MTU    echo\n"
                "          192.0.2.1   *   31 ms  28/30/44   1/20   1/61   1420   43 ms\n"
                "          2001:db8::1   prohibited, says 2001:db8::ff\n"
                "\n"
                "remark    nothing answers at 2001:db8::1, another address of far (prohibited,\n"
                "          says 2001:db8::ff)\n"
                "          -> mosh does not need it; but it could not go over to IPv6 if it had\n"
                "             to\n"
                "A session would work.\n");
}

static void a_table_of_trouble(void **state)
{
    (void)state;
    facts.ssh.connected = DOCTOR_NO;
    facts.ssh.status = 255;
    facts.ssh.address[0] = '\0';
    facts.probed = false;
    facts.terminal = (struct doctor_terminal){.is_terminal = DOCTOR_NO};
    strcpy(facts.ssh.words, "Permission denied (publickey,password).");
    check_table("terminal  none here: nobody was asked\n"
                "ssh       failed after 412 ms\n"
                "\n"
                "PROBLEM   ssh cannot connect or log in: Permission denied (publickey,password).\n"
                "          -> see to it that this logs in: ssh far\n"
                "No session: ssh does not get there.\n");
}

static void lines_are_short(void **state)
{
    (void)state;
    struct buf out = {0};
    memset(facts.remote.distribution, 'x', 60); /* a word that long stands alone */
    facts.remote.distribution[60] = '\0';
    for (size_t i = 5; i < 60; i += 7)
        facts.remote.distribution[i] = ' ';
    facts.server.heard = DOCTOR_NO;
    facts.path[0].answered = false;
    doctor_judge(&facts, &verdict);
    doctor_print_table(&facts, &verdict, &out);
    size_t start = 0;
    for (size_t i = 0; i < out.len; i++) {
        if (out.data[i] != '\n')
            continue;
        assert_true(i - start <= 80);
        assert_true(i == start || out.data[i - 1] != ' ');
        start = i + 1;
    }
    buf_release(&out);
}

static void json_of_all(void **state)
{
    (void)state;
    struct buf out = {0};
    doctor_judge(&facts, &verdict);
    doctor_print_json(&facts, &verdict, &out);
    buf_append_byte(&out, '\0');
    static const char *const parts[] = {
        "{\n  \"host\": \"far\",\n  \"verdict\": \"well\",\n  \"status\": 0,\n  \"terminal\": {\n"
        "    \"present\": true,\n    \"term\": \"xterm-256color\",\n",
        "    \"abilities\": [\n      \"clusters\",\n      \"true-colour\"\n    ]\n  },\n",
        "  \"ssh\": {\n    \"connected\": true,\n    \"ms\": 412,\n    \"address\": "
        "\"192.0.2.1\",\n"
        "    \"jump\": null,\n    \"address_found_by\": \"proxy\"\n  },\n",
        "    \"kill_user_processes\": false,\n    \"lingers\": false,\n",
        "    \"version\": \"1.4.0\",\n    \"kind\": \"stock\",\n    \"started\": true,\n"
        "    \"port\": 60001,\n    \"heard\": true,\n",
        "  \"paths\": [\n    {\n      \"address\": \"192.0.2.1\",\n      \"family\": 4,\n"
        "      \"chosen\": true,\n",
        "      \"rtt_mean_ms\": 30,\n",
        "      \"mtu\": 1420,\n      \"mtu_failed\": 1421,\n      \"mtu_told\": 1420,\n",
        "      \"answered\": false,\n      \"report\": \"prohibited\",\n"
        "      \"reporter\": \"2001:db8::ff\",\n      \"first_ms\": null,\n",
        "  \"findings\": [\n    {\n      \"code\": \"address-silent\",\n      \"fault\": false,\n",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!strstr((const char *)out.data, parts[i]))
            fail_msg("no %s in %s", parts[i], (const char *)out.data);
    }
    buf_release(&out);
}

static void json_without_a_connection(void **state)
{
    (void)state;
    struct buf out = {0};
    facts.ssh.connected = DOCTOR_NO;
    facts.ssh.status = 255;
    facts.probed = false;
    doctor_judge(&facts, &verdict);
    doctor_print_json(&facts, &verdict, &out);
    buf_append_byte(&out, '\0');
    assert_non_null(strstr((const char *)out.data, "\"status\": 255"));
    assert_non_null(strstr((const char *)out.data, "\"host_facts\": null,\n  \"server\": null,\n"
                                                   "  \"paths\": [],\n"));
    buf_release(&out);
}

/* --- JSON itself --- */

static void json_texts(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"plain", "\"plain\""},
        {"", "null"},
        {"say \"\\\"", "\"say \\\"\\\\\\\"\""},
        {"a\033[1m\n\177", "\"a\\u001b[1m\\u000a\\u007f\""},
        {"gr\303\274n \360\237\220\232", "\"gr\303\274n \360\237\220\232\""},
        {"\377x\303", "\"\357\277\275x\357\277\275\""},
        {"\355\240\200", "\"\357\277\275\357\277\275\357\277\275\""}, /* a surrogate */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {0};
        struct json j = {.out = &out};
        json_text(&j, NULL, cases[i].text);
        check_bytes(out.data, out.len, cases[i].want, strlen(cases[i].want));
        buf_release(&out);
    }
}

static void json_shapes(void **state)
{
    static const char want[] = "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    -1,\n    true,\n"
                               "    null,\n    {\n      \"d\": \"e\"\n    }\n  ]\n}\n";
    struct buf out = {0};
    struct json j = {.out = &out};
    (void)state;
    json_begin(&j, NULL, '{');
    json_begin(&j, "a", '[');
    json_end(&j);
    json_begin(&j, "b", '{');
    json_end(&j);
    json_begin(&j, "c", '[');
    json_number(&j, NULL, -1);
    json_bool(&j, NULL, true);
    json_null(&j, NULL);
    json_begin(&j, NULL, '{');
    json_text(&j, "d", "e");
    json_end(&j);
    json_end(&j);
    json_end(&j);
    check_bytes(out.data, out.len, want, sizeof want - 1);
    buf_release(&out);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, be_well)
    const struct CMUnitTest tests[] = {
        TEST(a_table),     TEST(a_table_of_trouble),        TEST(lines_are_short),
        TEST(json_of_all), TEST(json_without_a_connection), TEST(json_texts),
        TEST(json_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
