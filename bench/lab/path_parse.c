/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Each takes its value from the front of *text and returns whether there was one. */

static bool take_number(const char **text, double *value)
{
    char *end;

    if (!strchr("0123456789.", **text) || **text == '\0')
        return false;
    *value = strtod(*text, &end);
    *text = end;
    return isfinite(*value) && *value >= 0;
}

static bool take_unit(const char **text, const char *unit)
{
    size_t len = strlen(unit);

    if (strncmp(*text, unit, len) != 0)
        return false;
    *text += len;
    return true;
}

static bool take_time(const char **text, uint64_t *us)
{
    double value, unit;

    if (!take_number(text, &value))
        return false;
    if (take_unit(text, "us"))
        unit = 1;
    else if (take_unit(text, "ms"))
        unit = 1000;
    else if (take_unit(text, "s"))
        unit = 1000000;
    else
        return false;
    *us = (uint64_t)llround(value * unit);
    return value * unit <= 3600e6;
}

/* "2%" or "0.02" */
static bool take_chance(const char **text, double *of_one)
{
    if (!take_number(text, of_one))
        return false;
    if (take_unit(text, "%"))
        *of_one /= 100;
    return *of_one <= 1;
}

static bool take_chance_and_time(const char **text, double *of_one, uint64_t *us)
{
    return take_chance(text, of_one) && take_unit(text, "/") && take_time(text, us);
}

static bool take_rate(const char **text, uint64_t *bytes)
{
    double value, unit;

    if (!take_number(text, &value))
        return false;
    if (take_unit(text, "kbit"))
        unit = 1000.0 / 8;
    else if (take_unit(text, "mbit"))
        unit = 1000000.0 / 8;
    else if (take_unit(text, "kB"))
        unit = 1000;
    else
        return false;
    *bytes = (uint64_t)llround(value * unit);
    return value * unit >= 1 && value * unit <= 1e9;
}

static bool take_bytes(const char **text, uint64_t *bytes)
{
    double value;

    if (!take_number(text, &value) || value > 1e9)
        return false;
    *bytes = (uint64_t)llround(value);
    return true;
}

static bool take_setting(const char **text, struct path_params *p)
{
    if (take_unit(text, "delay="))
        return take_time(text, &p->delay_us);
    if (take_unit(text, "jitter="))
        return take_time(text, &p->jitter_us);
    if (take_unit(text, "loss="))
        return take_chance(text, &p->loss);
    if (take_unit(text, "burst="))
        return take_chance_and_time(text, &p->burst, &p->burst_us);
    if (take_unit(text, "duplicate="))
        return take_chance(text, &p->duplicate);
    if (take_unit(text, "corrupt="))
        return take_chance(text, &p->corrupt);
    if (take_unit(text, "reorder="))
        return take_chance_and_time(text, &p->reorder, &p->reorder_us);
    if (take_unit(text, "rate="))
        return take_rate(text, &p->rate_bytes);
    if (take_unit(text, "queue="))
        return take_bytes(text, &p->queue_bytes);
    if (take_unit(text, "mtu="))
        return take_bytes(text, &p->mtu_bytes);
    if (take_unit(text, "down") || take_unit(text, "up")) {
        p->down = (*text)[-1] == 'n';
        return true;
    }
    return false;
}

const char *path_parse(const char *text, struct path_params *params)
{
    struct path_params parsed = *params;

    while (*text) {
        const char *word = text;
        if (!take_setting(&text, &parsed) || (*text != ',' && *text != '\0'))
            return word;
        if (*text == ',')
            text++;
    }
    *params = parsed;
    return NULL;
}
