/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <time.h>

#include "terminal/emulator.h"

/*
 * S21, R50: no sequence costs more than the screen, whatever its parameters. Each of these fills
 * its input on a screen of 200x60 that is full of text, and takes less than two seconds of CPU for
 * a mebibyte. A quarter of that is measured, several times over if it seems to take too long, since
 * the machine has other things to do.
 */

enum { ROWS = 60, COLS = 200, BYTES = 1 << 18, BYTES_EMULATED = 1 << 14, ATTEMPTS = 5 };
#define CPU_SECONDS_MAX (2.0 * BYTES / (1 << 20))

/* What was not compiled to be fast is run, and that is all; an emulated processor is not measured,
   nor one with words of 32 bits, nor are the memory functions of other C libraries. */
#if !defined __OPTIMIZE__ || defined __SANITIZE_ADDRESS__ || !defined __GLIBC__ || !defined __LP64__
#define TIMED false
#elif defined __has_feature
#define TIMED !__has_feature(address_sanitizer)
#else
#define TIMED true
#endif

#define BAND "\033[?69h\033[2;199s"

static const struct {
    const char *before, *unit;
} worst[] = {
    /* what shifts and scrolls */
    {"", "\033[@"},
    {"", "\033[65535@"},
    {"", "\033[P"},
    {"", "\033[65535P"},
    {"", "\033[L"},
    {"", "\033[65535L"},
    {"", "\033[M"},
    {"", "\033[S"},
    {"\033[44m", "\033[65535S"},
    {"", "\033[T"},
    {"\033[60H", "\n"},
    {"", "\033M"},
    {BAND "\033[60;5H", "\n"},
    {BAND "\033[60;5H\033[44m", "\n"},
    {BAND "\033[60;5H", "x\n"},
    {BAND "\033[60;5H\033[44m", "\xC2\x85"},
    {BAND "\033[2;5H\033[44m", "\033M"},
    {"\033[?69h\033[1;130s\033[60;5H\033[44m", "\n"},
    {"\033[?69h\033[1;100s\033[60;5H\033[44m", "\r\n"},
    {"\033[?69h\033[1;101s\033[60;5H\033[44m", "\r\n"},
    {BAND "\033[44m", "\033[S"},
    {BAND "\033[44m", "\033[2T"},
    {BAND "\033[60;5H\033[44m", "\033[L"},
    {"", "\033[ @"},
    {"\033[44m", "\033[ A"},
    {"\033[44m", "\033['}"},
    {"\033[44m", "\033['~"},
    {"\033[44m", "\0336"},
    {"\033[44m", "\0336\r"},
    {"\033[1;200H\033[44m", "\0339"},
    {"\033[1;200H\033[44m", "\0339\a"},
    /* what erases */
    {"", "\033[J"},
    {"\033[44m", "\033[2J"},
    {"\033[59;199H\033[44m", "\033[1J"},
    {"", "\033[K"},
    {"", "\033[65535X"},
    {"", "\033#8"},
    {"\033[1\"q\033[2J", "x \033[?2J"},
    {"\033[1\"qx\033[0\"q\033[60H", "\n\033[?J"},
    {"\033[1\"qx\033[44m\033[H", "\033[ @"},
    /* what prints */
    {"x", "\033[65535b"},
    {"\xE4\xB8\xAD", "\033[65535b"},
    {"", "\xE4\xB8\xAD"},
    {"\033[4h", "\r\xE4\xB8\xAD"},
    {"\033[4h", "\rx"},
    {"", "e\xCC\x81"},
    {"e", "\xCC\x81"},
    {"", "\xF0\x9F\x98\x80"},
    {"", "\xE2\x80\x8D"},
    {"", "\033[38;2;1;2;3mx"},
    {"", "\xFF"},
    {"\033[?2027h", "\xF0\x9F\x91\xA9\xE2\x80\x8D"},
    {"\033[?2027h", "\xF0\x9F\x87\xA9"},
    {"\033[?2027h\xF0\x9F\x91\xA9", "\xF0\x9F\x8F\xBD"},
    {"\033[?2027h\033[4h", "\xF0\x9F\x87\xA9\r"},
    {"\033[?2027h", "\xE4\xB8\xAD"},
    {"\033[?2027h", "\xEF\xB8\x8F"},
    {"", "\xE2\x9D\xA4\xEF\xB8\x8F"},
    {"\033[1;200H", "\xE2\x9D\xA4\xEF\xB8\x8F\033[1;200H"},
    /* the rest */
    {"\033[3g", "\t\r"},
    {"\033[3g", "\033[65535I\r"},
    {"\033[3g", "\033[65535Z\033[999C"},
    {"", "\033[?5W"},
    {"\033[?1045h", "\033[65535D"},
    {"\033[?1045h\033[?69h\033[1;2s", "\033[65535D"},
    {"", "\033[?1049h\033[?1049l"},
    {"", "\033[?1047h\033[?1047l"},
    {"", "\033c"},
    {"", "\033[!p"},
    {"\033[?40h", "\033[?3h"},
    {"", "\033[?2048h"},
    {"", "\033[?1;5;6;7;25;47;1049;2004s"},
    {"", "\033[18t"},
    {"", "\033P$qm\033\\"},
    {"\033]2;xxxxxxxxxxxx\a", "\033[22t\033[23t"},
    {"", "\033]2;xxxxxxxx\a"},
    {"", "\033]52;c;eHh4\a"},
    {"",
     "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25;26;27;28;29;30;31;32"
     ";33m"},
};

/* CPU seconds for BYTES of one of them. */
static double run(const char *before, const char *unit)
{
    struct emulator *e = emulator_new(EMULATOR_HOST, ROWS, COLS);
    struct buf bytes = {0}, reply = {0};
    clock_t start;
    double seconds;

    for (size_t i = 0; i < ROWS * COLS / 5; i++)
        buf_append_str(&bytes, "abcde");
    buf_append_str(&bytes, "\033[H");
    buf_append_str(&bytes, before);
    emulator_write(e, bytes.data, bytes.len, &reply);
    buf_clear(&bytes);
    while (bytes.len < (is_emulated() ? BYTES_EMULATED : BYTES))
        buf_append_str(&bytes, unit);
    start = clock();
    emulator_write(e, bytes.data, bytes.len, &reply);
    seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    emulator_free(e);
    buf_release(&bytes);
    buf_release(&reply);
    return seconds;
}

static void S21_R50_no_sequence_costs_more_than_the_screen(void **state)
{
    bool timed = TIMED && !is_emulated();

    (void)state;
    double most = 0;
    for (size_t i = 0; i < sizeof worst / sizeof *worst; i++) {
        double seconds = run(worst[i].before, worst[i].unit);

        for (int n = 1; timed && n < ATTEMPTS && seconds > CPU_SECONDS_MAX; n++) {
            double again = run(worst[i].before, worst[i].unit);
            seconds = again < seconds ? again : seconds;
        }
        if (timed && seconds > CPU_SECONDS_MAX)
            fail_msg("number %zu, ESC%s: %.2f s", i, worst[i].unit + 1, seconds);
        most = seconds > most ? seconds : most;
    }
    print_message("# figure S21: a MiB of the worst of %zu sequences: %.2f s (at most 2)\n",
                  sizeof worst / sizeof *worst, most * (1 << 20) / BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S21_R50_no_sequence_costs_more_than_the_screen),
    };

    return cmocka_run_group_tests_name("work", tests, NULL, NULL);
}
