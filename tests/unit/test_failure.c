/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <errno.h>

#include "launch/failure.h"

#define EXITED(status)                                                                             \
    {                                                                                              \
        .wait_status = (status) << 8                                                               \
    }

static const struct {
    struct keeper_end end;
    bool is_local, was_text_shown, not_found;
    enum connect_status lines;
    const char *tag;
    enum exit_status exit;
    const char *system; /* that said it has no server */
    const char *says[3];
} cases[] = {
    {{.error = ENOENT}, .exit = STATUS_HERE, .says = {"cannot run ssh", "No such file"}},
    {EXITED(255), .was_text_shown = true, .exit = STATUS_SSH,
     .says = {"ssh could not connect to far", "is above"}},
    {EXITED(255), .exit = STATUS_SSH, .says = {"ssh could not connect to far", "said nothing"}},
    {EXITED(127), .exit = STATUS_NO_SERVER,
     .says = {"mosh-server was not found on far", "install mosh", "--server="}},
    {EXITED(1), .not_found = true, .exit = STATUS_NO_SERVER,
     .says = {"mosh-server was not found on far"}},
    {EXITED(127), .system = "Linux debian", .exit = STATUS_NO_SERVER,
     .says = {"far, neither in the PATH nor in ~/.local/bin", "(on debian: apt install mosh)"}},
    {EXITED(127), .system = "Linux x", .exit = STATUS_NO_SERVER, .says = {"; install mosh there,"}},
    {EXITED(0), .not_found = true, .exit = STATUS_SERVER, .says = {"no line MOSH CONNECT"}},
    {EXITED(126), .exit = STATUS_SERVER, .says = {"mosh-server on far cannot be executed", "126"}},
    {EXITED(1), .was_text_shown = true, .exit = STATUS_SERVER,
     .says = {"mosh-server on far failed", "1", "is above"}},
    {EXITED(0), .exit = STATUS_SERVER,
     .says = {"mosh-server on far ended without", "MOSH CONNECT"}},
    {EXITED(255), .is_local = true, .exit = STATUS_SERVER,
     .says = {"mosh-server on far failed with status 255"}},
    {{.wait_status = 9}, .exit = STATUS_SSH, .says = {"ssh was ended by signal 9"}},
    {.lines = CONNECT_BAD,
     .tag = "MOSH CONNECT ",
     .exit = STATUS_ANSWER,
     .says = {"MOSH CONNECT that is not", "65535"}},
    {.lines = CONNECT_BAD,
     .tag = "MOSH IP ",
     .exit = STATUS_ANSWER,
     .says = {"MOSH IP that is not", "numeric"}},
    {.lines = CONNECT_BAD,
     .tag = "MOSH SSH_CONNECTION ",
     .exit = STATUS_ANSWER,
     .says = {"MOSH SSH_CONNECTION that"}},
    {.lines = CONNECT_REPEATED,
     .tag = "MOSH IP ",
     .exit = STATUS_ANSWER,
     .says = {"second line MOSH IP"}},
};

/* Each failure has words of its own. */
static void R17_every_failure_has_its_own_words(void **state)
{
    (void)state;
    char seen[sizeof cases / sizeof cases[0]][512];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct connectline lines = {.status = cases[i].lines, .tag = cases[i].tag};
        if (cases[i].system) {
            lines.missing = true;
            strcpy(lines.system, cases[i].system);
        }
        struct failure f = {
            .host = "far",
            .server = "mosh-server",
            .program = "ssh",
            .is_local = cases[i].is_local,
            .was_text_shown = cases[i].was_text_shown,
            .command_not_found = cases[i].not_found,
            .end = cases[i].end,
            .lines = &lines,
        };
        struct buf out = {0};
        assert_int_equal(failure_explain(&f, &out), cases[i].exit);
        assert_true(out.len < sizeof seen[i]);
        buf_append_byte(&out, '\0');
        for (size_t j = 0; j < 3 && cases[i].says[j]; j++)
            assert_non_null(strstr((char *)out.data, cases[i].says[j]));
        assert_null(strchr((char *)out.data, '\n'));
        memcpy(seen[i], out.data, out.len);
        buf_release(&out);
    }
    assert_string_equal(seen[3], seen[4]); /* the same failure, told in two ways */
}

static void hears_a_shell_that_finds_no_command(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool says_so;
    } texts[] = {
        {"bash: line 1: mosh-server: command not found\r\n", true},
        {"mosh-server: Command not found.\n", true},
        {"not found\n", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct buf b = {0};
        buf_append_str(&b, texts[i].text);
        assert_int_equal(failure_says_not_found(&b), texts[i].says_so);
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R17_every_failure_has_its_own_words),
        cmocka_unit_test(hears_a_shell_that_finds_no_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
