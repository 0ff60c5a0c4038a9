/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "overlay/noanswer.h"
#include "overlay/panel.h"

static struct noanswer plain(void)
{
    return (struct noanswer){.address = "192.0.2.1", .port = 60001};
}

/* Whole, as the user reads it. */
static void check_text(const struct noanswer *n, msec_t silence, const char *expected)
{
    struct buf text = {0};
    size_t width = 0;

    noanswer_text(n, silence, &text);
    buf_append_byte(&text, '\0');
    assert_string_equal((const char *)text.data, expected);
    for (const uint8_t *c = text.data; *c; c++) {
        width = *c == '\n' ? 0 : width + 1;
        assert_true(width <= PANEL_LINE_MAX);
        assert_true(*c == '\n' || (*c >= ' ' && *c <= '~'));
    }
    buf_release(&text);
}

static void silence_points_to_a_firewall(void **state)
{
    struct noanswer n = plain();

    (void)state;
    check_text(&n, 0,
               "Nothing has come back by UDP, though ssh got there. Tried was\n"
               "192.0.2.1, port 60001 (IPv4).\n"
               "The network says nothing (no ICMP).\n"
               "The likely causes, the likeliest first (\"mosh --doctor\" finds out which):\n"
               "1. The server's firewall. To open it, as root at the server one of\n"
               "    ufw allow 60001:60999/udp\n"
               "    firewall-cmd --add-port=60001-60999/udp --permanent; firewall-cmd --reload\n"
               "    nft add rule inet filter input udp dport 60001-60999 accept\n"
               "   and in a cloud, its own firewall (security group) as well.\n"
               "2. A network that lets no UDP through: try it from another one, or with\n"
               "   another port, which the server's firewall has to let in: mosh -p PORT\n"
               "3. Not the server's address, behind NAT or a jump host. Try\n"
               "    mosh --experimental-remote-ip=remote\n"
               "   or mosh -6, if it has an IPv6 address.\n");
}

static void a_refusal_points_to_the_address(void **state)
{
    struct noanswer n = plain();

    (void)state;
    noanswer_read_setup(&n, "way=reported ports=61000 sees=10.0.0.5 new=thing");
    noanswer_note(&n, NOANSWER_REFUSED, "Connection refused");
    noanswer_note(&n, NOANSWER_REFUSED, "Connection refused");
    check_text(&n, 15250,
               "Nothing has come back by UDP for 15 s, though ssh got there. Tried was\n"
               "192.0.2.1, port 60001 (IPv4).\n"
               "The answer by ICMP, 2 times: nobody listens at that port.\n"
               "The likely causes, the likeliest first (\"mosh --doctor\" finds out which):\n"
               "1. Not the server's address, behind NAT or a jump host. Try\n"
               "    mosh --experimental-remote-ip=local\n"
               "   or mosh -6, if it has an IPv6 address.\n"
               "   The server says that it was reached at 10.0.0.5.\n"
               "2. The server's firewall. To open it, as root at the server one of\n"
               "    ufw allow 61000/udp\n"
               "    firewall-cmd --add-port=61000/udp --permanent; firewall-cmd --reload\n"
               "    nft add rule inet filter input udp dport 61000 accept\n"
               "   and in a cloud, its own firewall (security group) as well.\n"
               "3. A network that lets no UDP through: try it from another one, or with\n"
               "   another port, which the server's firewall has to let in: mosh -p PORT\n");
}

static void what_was_not_sent_points_to_this_machine(void **state)
{
    struct noanswer n = {.address = "2001:db8::1", .port = 60002, .is_ipv6 = true, .others = 2};

    (void)state;
    noanswer_read_setup(&n, "sees=2001:db8::1 way=local ports=61000:61010");
    noanswer_note(&n, NOANSWER_NOT_SENT, "Network is unreachable");
    check_text(&n, 60000,
               "Nothing has come back by UDP for 60 s, though ssh got there. Tried was\n"
               "2001:db8::1, port 60002 (IPv6), and 2 more of its addresses.\n"
               "This machine did not send it, once: Network is unreachable.\n"
               "The likely causes, the likeliest first (\"mosh --doctor\" finds out which):\n"
               "1. This machine has no way there, or its own firewall lets nothing out.\n"
               "   Look at its network and VPN; or try mosh -4.\n"
               "2. Not the server's address, behind NAT or a jump host. Try\n"
               "    mosh --experimental-remote-ip=proxy\n"
               "   or mosh -4, if it has an IPv4 address.\n"
               "3. The server's firewall. To open it, as root at the server one of\n"
               "    ufw allow 61000:61010/udp\n"
               "    firewall-cmd --add-port=61000-61010/udp --permanent; firewall-cmd --reload\n"
               "    nft add rule inet filter input udp dport 61000-61010 accept\n"
               "   and in a cloud, its own firewall (security group) as well.\n");
}

/* It comes from the environment, and goes to the terminal. */
static void nothing_strange_is_taken_over(void **state)
{
    static const char *const strange[] = {
        "",          " ",        "way=",        "way=x",     "ports=",       "ports=0",
        "ports=2:1", "ports=1:", "ports=70000", "ports=1:x", "sees=\033[2J", "sees=host.example",
        "sees=a;b",  "x=y",      "ways=proxy",  NULL,
    };

    (void)state;
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++) {
        struct noanswer n = plain(), same = plain();
        noanswer_read_setup(&n, strange[i]);
        assert_true(n.port_low == same.port_low && n.port_high == same.port_high);
        assert_int_equal(n.way, same.way);
        assert_string_equal(n.sees, same.sees);
    }
    struct noanswer n = plain();
    noanswer_note(&n, NOANSWER_UNREACHABLE, "Kein Weg\033 f\xC3\xBCr dich");
    assert_string_equal(n.error, "Kein Weg? f??r dich");
}

/* --- the box --- */

static void check_row(const struct screen *s, size_t row, const char *expected)
{
    struct buf text = {0};

    for (size_t col = 0; col < s->cols; col++)
        row_put_text(s->row[row], col, &text);
    while (text.len > 0 && text.data[text.len - 1] == ' ')
        text.len--;
    buf_append_byte(&text, '\0');
    assert_string_equal((const char *)text.data, expected);
    buf_release(&text);
}

static void the_box_is_drawn_as_far_as_there_is_room(void **state)
{
    struct buf text = {0};
    struct pool *pool = pool_new();
    struct screen s;

    (void)state;
    screen_init(&s, pool, 2, 10);
    panel_apply(&text, &s);
    assert_true(s.cursor_visible);
    screen_release(&s);
    buf_append_str(&text, "one\n\nthree of them\n");
    for (size_t rows = 1; rows <= 5; rows++) {
        for (size_t cols = 1; cols <= 20; cols++) {
            screen_init(&s, pool, rows, cols);
            s.cursor_row = rows - 1;
            panel_apply(&text, &s);
            if (rows == 5 && cols == 20) {
                check_row(&s, 0, "");
                check_row(&s, 1, " one");
                check_row(&s, 2, "");
                check_row(&s, 3, " three of them");
                check_row(&s, 4, "");
            }
            assert_int_equal(s.cursor_visible, rows == 1 || rows == 5);
            screen_release(&s);
        }
    }
    pool_unref(pool);
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_points_to_a_firewall),
        cmocka_unit_test(a_refusal_points_to_the_address),
        cmocka_unit_test(what_was_not_sent_points_to_this_machine),
        cmocka_unit_test(nothing_strange_is_taken_over),
        cmocka_unit_test(the_box_is_drawn_as_far_as_there_is_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
