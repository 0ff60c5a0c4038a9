/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Whole sessions over bad networks, each made from a seed (plan_draw.c), and those that are kept
 * because they failed once (scripts/).
 *
 *   test_sim FILE...       these plans
 *   SIM_SEED=N             that one session, in this process
 *   SIM_SHOW=N             its plan
 *   SIM_LOG=1              what the machines log
 *   SIM_FIRST=N SIM_RUNS=N other sessions than the usual ones, SIM_JOBS=N processes at a time
 *                          (scripts/sim-soak)
 */

#include "runner.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/log.h"

#define FIRST_DEFAULT 1
#ifdef __SANITIZE_ADDRESS__ /* then each takes ten times as long */
#define RUNS_DEFAULT 160
#else
#define RUNS_DEFAULT 2000
#endif

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);

    return value ? strtoull(value, NULL, 10) : otherwise;
}

static bool run_file(const char *name)
{
    static struct plan p;
    char why[RUNNER_WHY_MAX];
    FILE *in = fopen(name, "r");
    bool good;

    if (!in) {
        perror(name);
        return false;
    }
    good = plan_read(&p, in);
    fclose(in);
    if (good && runner_plan(&p, why))
        return true;
    print_error("%s fails: %s\n", name, good ? why : "not a plan");
    return false;
}

static void kept_plans(void **state)
{
    const char *folder = SCRIPTS;
    DIR *dir = opendir(folder);
    unsigned count = 0, failed = 0;
    const struct dirent *entry;

    (void)state;
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        char name[4096];

        if (!strstr(entry->d_name, ".events"))
            continue;
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        count++;
        failed += !run_file(name);
    }
    closedir(dir);
    assert_int_not_equal(count, 0);
    assert_int_equal(failed, 0);
}

static void report(const struct runner_sums *sums)
{
    const double day_ms = 86400000;

    print_message("# figure S11: %" PRIu64 " sessions of %.1f days, %" PRIu64
                  " failed; alive within %" PRIu64 " ms of healing; at most %.1f MiB more\n",
                  sums->sessions, (double)sums->lasted_ms / day_ms, sums->failures,
                  sums->healed_most_ms, (double)sums->memory_most / (1 << 20));
}

static void S11_sessions_come_to_rest_whatever_happens(void **state)
{
    static struct plan p;
    struct session_result result;
    struct runner_sums sums;

    (void)state;
    if (getenv("SIM_SEED")) {
        plan_draw(&p, from_environment("SIM_SEED", 0));
        session_run(&p, &result);
        return;
    }
    sums = runner_seeds(from_environment("SIM_FIRST", FIRST_DEFAULT),
                        from_environment("SIM_RUNS", RUNS_DEFAULT),
                        (unsigned)from_environment("SIM_JOBS", 1));
    report(&sums);
    assert_int_equal(sums.failures, 0);
}

static void print_line(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "%s\n", line);
}

static int run_files(int argc, char **argv)
{
    int failed = 0;

    for (int i = 1; i < argc; i++)
        failed += !run_file(argv[i]);
    return failed > 0;
}

static int show(uint64_t seed)
{
    static struct plan p;

    plan_draw(&p, seed);
    plan_write(&p, stdout);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_plans),
        cmocka_unit_test(S11_sessions_come_to_rest_whatever_happens),
    };

    if (getenv("SIM_LOG"))
        log_set_sink(print_line, NULL);
    if (argc > 1)
        return run_files(argc, argv);
    if (getenv("SIM_SHOW"))
        return show(from_environment("SIM_SHOW", 0));
    return cmocka_run_group_tests_name("whole sessions", tests, NULL, NULL);
}
