/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "statesync/serverinfo.h"

static struct hostmsg_server says(const uint8_t *text, size_t len)
{
    return (struct hostmsg_server){.version = {text, len}};
}

/* What a server calls its version is shown to the user: it is text, or nothing. */
static void S31_a_version_is_printable(void **state)
{
    (void)state;
    uint8_t text[SERVERINFO_VERSION_MAX + 1];

    for (size_t len = 1; len <= sizeof text; len++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            struct serverinfo info = {.version = "from before"};
            bool good = byte >= ' ' && byte <= '~' && len <= SERVERINFO_VERSION_MAX;
            memset(text, 'v', sizeof text);
            text[byte % len] = (uint8_t)byte;
            struct hostmsg_server message = says(text, len);
            serverinfo_take(&info, &message);
            if (good) {
                check_bytes(info.version, strlen(info.version), text, len);
            } else {
                assert_string_equal(info.version, "from before");
            }
        }
    }
}

static void a_status_is_a_shell_s(void **state)
{
    (void)state;
    struct serverinfo info = {0};
    struct hostmsg_server message = {.ended = true, .status = 256};

    serverinfo_take(&info, &message);
    assert_false(info.ended);
    message.status = SERVERINFO_STATUS_MAX;
    serverinfo_take(&info, &message);
    assert_true(info.ended);
    assert_int_equal(info.status, 255);
    message.ended = false;
    message.status = 3;
    serverinfo_take(&info, &message);
    assert_int_equal(info.status, 255);
}

static void differences_are_told_alone(void **state)
{
    (void)state;
    const struct serverinfo nothing = {0}, version = {.version = "2.0"};
    struct buf diff = {0};

    serverinfo_put_diff(&version, &version, &diff);
    assert_int_equal(diff.len, 0);
    serverinfo_put_diff(&nothing, &version, &diff);
    assert_true(diff.len > 0);
    assert_false(serverinfo_equal(&nothing, &version));
    buf_release(&diff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S31_a_version_is_printable),
        cmocka_unit_test(a_status_is_a_shell_s),
        cmocka_unit_test(differences_are_told_alone),
    };

    return cmocka_run_group_tests_name("serverinfo", tests, NULL, NULL);
}
