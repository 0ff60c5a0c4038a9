/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <locale.h>
#include <stdio.h>
#include <wchar.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include "util/width.h"

/* The characters that were reported, and one of each rule of width.h. */
static void R14_rules(void **state)
{
    (void)state;
    static const struct {
        uint32_t c;
        int width;
    } cases[] = {
        {0, -1},          {'\n', -1},   {0x1B, -1},   {0x1F, -1},    {' ', 1},       {'~', 1},
        {0x7F, -1},       {0x80, -1},   {0x9F, -1},   {0xA0, 1},     {0xAD, 1},      {0xFF, 1},
        {0x300, 0},       {0x378, 1},   {0x600, 1},   {0x6DD, 1},    {0x903, 1},     {0x1100, 2},
        {0x1160, 0},      {0x11FF, 0},  {0x200B, 0},  {0x200D, 0},   {0x200E, 0},    {0x2028, -1},
        {0x2029, -1},     {0x20F0, 0},  {0x231A, 2},  {0x2B06, 1},   {0x3000, 2},    {0x302A, 0},
        {0x3248, 2},      {0x4DC0, 2},  {0x4E00, 2},  {0xA9BD, 0},   {0xAC00, 2},    {0xD7B0, 0},
        {0xD7FF, 1},      {0xD800, -1}, {0xDFFF, -1}, {0xE000, 1},   {0xF8FF, 1},    {0xFA6E, 2},
        {0xFDD0, -1},     {0xFE0F, 0},  {0xFEFF, 0},  {0xFF01, 2},   {0xFF61, 1},    {0xFFFD, 1},
        {0xFFFE, -1},     {0xFFFF, -1}, {0x1F1E6, 1}, {0x1F3FB, 2},  {0x1F600, 2},   {0x1F6DC, 2},
        {0x1FAFF, 2},     {0x1FC00, 2}, {0x20000, 2}, {0x2FFFD, 2},  {0x2FFFE, -1},  {0x3FFFD, 2},
        {0x40000, 1},     {0xE0001, 0}, {0xE0100, 0}, {0x10FFFD, 1}, {0x10FFFE, -1}, {0x110000, -1},
        {UINT32_MAX, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (width_of(cases[i].c) != cases[i].width)
            fail_msg("U+%04X has width %d", (unsigned)cases[i].c, width_of(cases[i].c));
}

/*
 * A stock peer on Debian 12 lays out its screen by this library's wcwidth(). Where it has an
 * answer, ours must be the same. (NUL never prints, whatever the library says of it.)
 */
static void R14_agrees_with_the_c_library_of_a_stock_peer(void **state)
{
    (void)state;
#ifdef __GLIBC__
    if (strcmp(gnu_get_libc_version(), "2.36") != 0 || !setlocale(LC_CTYPE, "C.UTF-8"))
        skip();
    size_t differences = 0;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        int libc = wcwidth((wchar_t)c);
        if (libc >= 0 && libc != width_of(c)) {
            print_message("U+%04X: wcwidth %d, ours %d\n", (unsigned)c, libc, width_of(c));
            differences++;
        }
    }
    assert_int_equal(differences, 0);
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R14_rules),
        cmocka_unit_test(R14_agrees_with_the_c_library_of_a_stock_peer),
    };
    return cmocka_run_group_tests_name("width", tests, NULL, NULL);
}
