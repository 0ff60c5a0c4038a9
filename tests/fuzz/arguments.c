/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Command lines, configuration files and what comes from the environment: taken, or refused with a
   reason. */

#include "fuzz.h"

#include <stdlib.h>

#include "launch/configfile.h"
#include "launch/opts.h"
#include "session/client.h"
#include "sys/args.h"
#include "util/escapekey.h"

#define WORDS_MAX 32

static void check_complaint(const struct buf *complaint, bool expected)
{
    assert_int_equal(complaint->len > 0, expected);
}

static void command_line(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *argv[WORDS_MAX + 2] = {(char *)"mosh"};
    struct buf complaint = {0};
    struct opts o;
    int argc = 1;

    memcpy(text, data, size);
    text[size] = 0;
    for (char *word = text; argc <= WORDS_MAX && word <= text + size; word += strlen(word) + 1)
        argv[argc++] = word;
    check_complaint(&complaint, opts_parse(&o, argc, argv, &complaint) == OPTS_WRONG);
    opts_release(&o);
    buf_release(&complaint);
    free(text);
}

static void configuration(const uint8_t *data, size_t size)
{
    struct settings s = {0};
    struct buf complaint = {0}, printed = {0};
    bool refused =
        configfile_parse((const char *)data, size, "config", "host.example", &s, &complaint) != 0;

    check_complaint(&complaint, refused);
    if (!refused)
        settings_print(&s, &printed);
    settings_release(&s);
    buf_release(&complaint);
    buf_release(&printed);
}

static void variables(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    enum predict_mode mode;
    enum predict_mark mark;
    struct port_range ports = {0};
    uint64_t number = 0;
    bool understood;

    memcpy(text, data, size);
    text[size] = 0;
    (void)client_parse_predict_mode(text, &mode);
    (void)client_parse_predict_mark(text, &mark);
    int key = escapekey_parse(text, &understood);
    assert_true(key == ESCAPE_KEY_NONE || (key >= 1 && key <= 127));
    if (args_port_range(text, &ports) == NULL)
        assert_true(ports.low <= ports.high);
    if (args_decimal(text, 5, 500, &number) == 0)
        assert_in_range(number, 5, 500);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] == '-')
        command_line(data, size);
    else
        configuration(data, size);
    variables(data, size);
    return 0;
}
