/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "coverage.h"

#include <stdbool.h>
#include <stdio.h>

#include "terminal/emulator_internal.h"
#include "terminal/parser.h"

enum { KEYS = 0x400000, MODES = 65536, COMMANDS = 1024 };

static struct parser parser;
static bool csi_seen[KEYS], escape_seen[KEYS], control_seen[0xA0];
static bool mode_seen[MODES], private_mode_seen[MODES];
static bool command_seen[COMMANDS];

void coverage_begin(void)
{
    parser_release(&parser);
    parser = (struct parser){0};
}

static void see_modes(uint32_t key, const struct params *params)
{
    bool is_private = key == PARSER_KEY('?', 'h') || key == PARSER_KEY('?', 'l') ||
                      key == PARSER_KEY('?' << 8 | '$', 'p');
    bool is_ansi =
        key == PARSER_KEY(0, 'h') || key == PARSER_KEY(0, 'l') || key == PARSER_KEY('$', 'p');

    for (size_t i = 0; i < params->count; i++) {
        private_mode_seen[params->value[i]] |= is_private;
        mode_seen[params->value[i]] |= is_ansi;
    }
}

static void see_command(const uint8_t *text, size_t len)
{
    size_t number = 0;

    for (size_t i = 0; i < len && i < 3 && text[i] >= '0' && text[i] <= '9'; i++)
        number = number * 10 + text[i] - '0';
    command_seen[number] = true;
}

static void see(const struct parser_event *event)
{
    switch (event->kind) {
    case PARSER_CSI:
        if (event->code < KEYS)
            csi_seen[event->code] = true;
        see_modes(event->code, event->params);
        break;
    case PARSER_ESCAPE:
        if (event->code < KEYS)
            escape_seen[event->code] = true;
        break;
    case PARSER_CONTROL:
        control_seen[event->code] = true;
        break;
    case PARSER_OSC:
        see_command(event->text, event->len);
        break;
    default:
        break;
    }
}

void coverage_see(const uint8_t *bytes, size_t len)
{
    struct reader input = {bytes, len};
    struct parser_event event = {0};

    while (parser_next(&parser, &input, &event))
        see(&event);
}

static void print_key(const char *kind, uint32_t key)
{
    fprintf(stderr, "never used: %s", kind);
    for (int shift = 24; shift >= 0; shift -= 8) {
        if (key >> shift & 0xFF)
            fprintf(stderr, " %c", (char)(key >> shift & 0xFF));
    }
    fputc('\n', stderr);
}

static size_t report_sequences(void)
{
    size_t missing = 0;

    for (uint32_t key = 0; key < KEYS; key++) {
        if (csi_knows(key) && !csi_seen[key]) {
            print_key("CSI", key);
            missing++;
        }
        if (emulator_table_find(&escape_table, key) && !escape_seen[key]) {
            print_key("ESC", key);
            missing++;
        }
    }
    for (uint32_t code = 0; code < 0xA0; code++) {
        if (control_knows(code) && !control_seen[code]) {
            fprintf(stderr, "never used: control %02x\n", (unsigned)code);
            missing++;
        }
    }
    return missing;
}

/* Of a table whose entries begin with a number. */
static size_t report_numbers(const char *kind, const struct emulator_table *table, const bool *seen,
                             size_t count)
{
    size_t missing = 0;

    for (uint32_t number = 0; number < count; number++) {
        if (emulator_table_find(table, number) && !seen[number]) {
            fprintf(stderr, "never used: %s %u\n", kind, (unsigned)number);
            missing++;
        }
    }
    return missing;
}

size_t coverage_report(void)
{
    return report_sequences() + report_numbers("mode", &mode_table, mode_seen, MODES) +
           report_numbers("mode ?", &private_mode_table, private_mode_seen, MODES) +
           report_numbers("OSC", &osc_table, command_seen, COMMANDS);
}
