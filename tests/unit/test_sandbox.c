/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "../lib/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#endif

#include "sys/sandbox.h"
#include "sys/sandbox_internal.h"

static char own_file[] = "/tmp/mosh-test-sandbox-XXXXXX"; /* the user's, from before */
static int open_file, udp_socket, tcp_socket;

/* Everything here happens in children: what they have given up does not come back. */

enum outcome {
    ALLOWED,
    REFUSED, /* EPERM */
    FAILED,  /* another error */
    KILLED,  /* SIGSYS */
    DIED,    /* of anything else */
};

#define EXIT_NOT_CONFINED 100

static enum outcome outcome_of(pid_t child)
{
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? KILLED : DIED;
    assert_int_not_equal(WEXITSTATUS(status), EXIT_NOT_CONFINED);
    return (enum outcome)WEXITSTATUS(status);
}

static enum outcome verdict(long result)
{
    if (result >= 0)
        return ALLOWED;
    return errno == EPERM ? REFUSED : FAILED;
}

/* The test library's handlers are not the child's, nor is a core dump wanted. */
static void be_plain(void)
{
    static const int signals[] = {SIGSEGV, SIGILL, SIGBUS, SIGFPE, SIGSYS, SIGABRT};

    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], SIG_DFL);
#ifdef PR_SET_DUMPABLE
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

typedef long attempt(void);

/* What becomes of a process that tries it. */
static enum outcome try_confined(enum sandbox_role role, enum sandbox_policy policy, attempt *act)
{
    struct sandbox s;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        be_plain();
        if (sandbox_enter(role, policy, &s) != 0)
            _exit(EXIT_NOT_CONFINED);
        _exit(verdict(act()));
    }
    return outcome_of(child);
}

/* --- policies --- */

static void policy_is_a_word(void **state)
{
    enum sandbox_policy p = SANDBOX_STRICT;

    (void)state;
    assert_true(sandbox_parse_policy(NULL, &p));
    assert_int_equal(p, SANDBOX_DEFAULT);
    assert_true(sandbox_parse_policy("require", &p));
    assert_int_equal(p, SANDBOX_REQUIRE);
    assert_true(sandbox_parse_policy("strict", &p));
    assert_int_equal(p, SANDBOX_STRICT);
    assert_true(sandbox_parse_policy("off", &p));
    assert_int_equal(p, SANDBOX_OFF);
    assert_false(sandbox_parse_policy("on", &p));
    assert_false(sandbox_parse_policy("Require", &p));
    assert_int_equal(p, SANDBOX_OFF);
}

static void what_is_missing_is_named(void **state)
{
    struct sandbox s = {.holds = {true, true, true, true}};

    (void)state;
    assert_null(sandbox_missing(&s));
    s.holds[SANDBOX_FILES] = false;
    assert_string_equal(sandbox_missing(&s), "files");
    s.holds[SANDBOX_PRIVILEGES] = false;
    assert_string_equal(sandbox_missing(&s), "privileges");
}

static long grow_a_file(void)
{
    FILE *f = tmpfile();

    return f && fputs("text", f) >= 0 && fclose(f) == 0 ? 0 : -1;
}

static void off_is_off(void **state)
{
    (void)state;
    assert_int_equal(try_confined(SANDBOX_SERVER, SANDBOX_OFF, grow_a_file), ALLOWED);
}

#if defined(HAVE_SECCOMP) && !defined(BUILD_INSTRUMENTED)

/* qemu-user has no filters, since they would be in the way of its own calls; it says that there is
   no such thing, as a kernel without them does. */
static bool have_filters(void)
{
    return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
}

/* --- every call --- */

#include <seccomp.h>

#define CALLS_END      512
#define EXPECTED_MAX   128
#define NAME_CHARS_MAX 32

struct expectation {
    char call[NAME_CHARS_MAX];
    char outcome[2][NAME_CHARS_MAX]; /* of the client, of the server */
};

static size_t read_expectations(struct expectation *all)
{
    char line[256];
    size_t count = 0;
    FILE *f = fopen(VECTORS "/sandbox.txt", "r");

    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        struct expectation *e = &all[count];
        if (line[0] == '#')
            continue;
        assert_int_equal(sscanf(line, "%31s %31s %31s", e->call, e->outcome[SANDBOX_CLIENT],
                                e->outcome[SANDBOX_SERVER]),
                         3);
        assert_true(++count < EXPECTED_MAX);
    }
    fclose(f);
    return count;
}

static const char *outcome_of_call(enum sandbox_role role, int call)
{
    struct sandbox s;
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        be_plain();
        if (sandbox_enter(role, SANDBOX_DEFAULT, &s) != 0)
            _exit(EXIT_NOT_CONFINED);
        errno = 0;
        (void)syscall(call, -1L, -1L, -1L, -1L, -1L, -1L);
        _exit(errno == EPERM ? 1 : errno == ENOSYS ? 2 : 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) /* a call that ran may end the process, too */
        return WTERMSIG(status) == SIGSYS ? "killed" : "allowed";
    assert_int_not_equal(WEXITSTATUS(status), EXIT_NOT_CONFINED);
    return WEXITSTATUS(status) == 1 ? "refused" : WEXITSTATUS(status) == 2 ? "absent" : "allowed";
}

/* uretprobe and uprobe, which newer kernels keep for their own tracing and let no filter see. */
static bool is_the_kernels_own(int call)
{
#ifdef __x86_64__
    return call == 335 || call == 336;
#else
    (void)call;
    return false;
#endif
}

static const char *expected(const struct expectation *all, size_t count, const char *call,
                            enum sandbox_role role)
{
    for (size_t i = 0; call && i < count; i++) {
        if (strcmp(all[i].call, call) == 0)
            return all[i].outcome[role];
    }
    return "refused";
}

/* Nothing but what is on the list. */
static void S32_every_call_is_as_listed(void **state)
{
    static struct expectation all[EXPECTED_MAX];
    size_t count = read_expectations(all);

    (void)state;
    if (!have_filters())
        skip();
    for (int role = SANDBOX_CLIENT; role <= SANDBOX_SERVER; role++) {
        for (int call = 0; call < CALLS_END; call++) {
            if (is_the_kernels_own(call))
                continue;
            char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call);
            const char *want = expected(all, count, name, (enum sandbox_role)role);
            const char *got = outcome_of_call((enum sandbox_role)role, call);
            /* An allowed call may itself say that it knows no such request. */
            if (strcmp(want, "allowed") == 0 && strcmp(got, "absent") == 0)
                got = "allowed";
            if (strcmp(got, want) != 0)
                fail_msg("%s of the %s (%d): %s, expected %s", name ? name : "a number unknown",
                         role == SANDBOX_CLIENT ? "client" : "server", call, got, want);
            free(name);
        }
    }
}

/* --- the drill: what an intruder in the process would try --- */

static long read_a_file(void)
{
    return open(own_file, O_RDONLY);
}

static long write_a_file(void)
{
    return open(own_file, O_WRONLY);
}

static long create_a_file(void)
{
    return open("/tmp/mosh-test-sandbox-new", O_CREAT | O_EXCL, 0600);
}

static long remove_a_file(void)
{
    return unlink(own_file);
}

static long rename_a_file(void)
{
    return rename(own_file, "/tmp/mosh-test-sandbox-new");
}

static long list_a_folder(void)
{
    return open("/", O_RDONLY | O_DIRECTORY);
}

static long run_a_program(void)
{
    return execl("/bin/true", "true", (char *)NULL);
}

static long fork_a_process(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    return child;
}

static long signal_the_parent(void)
{
    return kill(getppid(), 0);
}

static long trace_the_parent(void)
{
    return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL);
}

static long make_memory_executable(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return page == MAP_FAILED ? -1 : mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static long map_executable_memory(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED && errno == ENOMEM)
        errno = EPERM; /* musl takes the one for the other */
    return page == MAP_FAILED ? -1 : 0;
}

static long map_a_file(void)
{
    return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open_file, 0) == MAP_FAILED ? -1 : 0;
}

static long open_tcp(void)
{
    return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

#ifndef SYS_socketcall
static long open_raw(void)
{
    return socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
}
#endif

static long open_unix(void)
{
    return socket(AF_UNIX, SOCK_DGRAM, 0);
}

static long open_udp(void)
{
    return socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static long connect_tcp(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(tcp_socket, (struct sockaddr *)&to, sizeof to);
}

/* What a probe of the path's MTU takes. */
static long forbid_fragments(void)
{
    int whole = IP_PMTUDISC_PROBE;

    return setsockopt(tcp_socket, IPPROTO_IP, IP_MTU_DISCOVER, &whole, sizeof whole);
}

static long set_another_option(void)
{
    int on = 1;

    return setsockopt(tcp_socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

/* What the client does when the network has changed. */
static long look_for_the_way(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    struct ifaddrs *all;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0 || getifaddrs(&all) != 0)
        return -1;
    freeifaddrs(all);
    return close(fd);
}

static long type_into_the_terminal(void)
{
    return ioctl(STDIN_FILENO, TIOCSTI, "x");
}

static long become_dumpable(void)
{
    return prctl(PR_SET_DUMPABLE, 1);
}

/* With socketcall, which has its arguments in memory, a client's filter sees no kinds of sockets;
   none can be connected all the same. */
#ifdef SYS_socketcall
#define TCP_IN_CLIENT  ALLOWED
#define UNIX_IN_CLIENT ALLOWED
#define SET_IN_SERVER  ALLOWED
#else
#define TCP_IN_CLIENT  KILLED
#define UNIX_IN_CLIENT REFUSED
#define SET_IN_SERVER  REFUSED
#endif

static void S32_intruder_gets_nowhere(void **state)
{
    static const struct {
        const char *what;
        attempt *act;
        enum outcome client, server;
    } acts[] = {
        {"read a file", read_a_file, REFUSED, REFUSED},
        {"write a file", write_a_file, KILLED, KILLED},
        {"create a file", create_a_file, KILLED, KILLED},
        {"remove a file", remove_a_file, REFUSED, REFUSED},
        {"rename a file", rename_a_file, REFUSED, REFUSED},
        {"list a folder", list_a_folder, REFUSED, REFUSED},
        {"run a program", run_a_program, KILLED, KILLED},
        {"fork", fork_a_process, KILLED, KILLED},
        {"signal the parent", signal_the_parent, REFUSED, REFUSED},
        {"trace the parent", trace_the_parent, KILLED, KILLED},
        {"make memory executable", make_memory_executable, REFUSED, REFUSED},
        {"map executable memory", map_executable_memory, REFUSED, REFUSED},
        {"map a file", map_a_file, REFUSED, REFUSED},
        {"open a TCP socket", open_tcp, TCP_IN_CLIENT, KILLED},
#ifndef SYS_socketcall
        {"open a raw socket", open_raw, KILLED, KILLED},
#endif
        {"open a Unix socket", open_unix, UNIX_IN_CLIENT, KILLED},
        {"open a UDP socket", open_udp, ALLOWED, KILLED},
        {"look for the way of a datagram", look_for_the_way, ALLOWED, KILLED},
        {"forbid that datagrams are cut", forbid_fragments, ALLOWED, ALLOWED},
        {"set another option", set_another_option, ALLOWED, SET_IN_SERVER},
        {"connect a TCP socket", connect_tcp, FAILED, REFUSED}, /* it cannot have made one */
        {"type into the terminal", type_into_the_terminal, REFUSED, REFUSED},
        {"become dumpable", become_dumpable, REFUSED, REFUSED},
    };

    (void)state;
    if (!have_filters())
        skip();
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        enum outcome client = try_confined(SANDBOX_CLIENT, SANDBOX_DEFAULT, acts[i].act);
        enum outcome server = try_confined(SANDBOX_SERVER, SANDBOX_DEFAULT, acts[i].act);
        if (client != acts[i].client || server != acts[i].server)
            fail_msg("%s: %d in the client, %d in the server", acts[i].what, client, server);
    }
}

/* --- what the loops do --- */

static long work(void)
{
    struct pollfd fd = {.fd = udp_socket, .events = POLLIN};
    struct timespec now, none = {0};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    struct winsize size;
    uint8_t random[16];
    char *memory = calloc(1, 64 << 20);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!memory || ppoll(&fd, 1, &none, NULL) < 0 || clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return -1;
    memory = realloc(memory, 128 << 20);
    free(memory);
    if (getentropy(random, sizeof random) != 0)
        return -1;
    if (sendto(udp_socket, random, sizeof random, 0, (struct sockaddr *)&to, sizeof to) < 0)
        return -1;
    (void)ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
    fprintf(stderr, "%s", ""); /* the log */
    return 0;
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* How long it takes is printed alone: the machine has other things to do. */
static void S32_entering_is_no_effort(void **state)
{
    static const char *const roles[] = {[SANDBOX_CLIENT] = "client", [SANDBOX_SERVER] = "server"};

    (void)state;
    for (int role = SANDBOX_CLIENT; role <= SANDBOX_SERVER; role++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct sandbox s;
            double start = now_ms();
            int result = sandbox_enter((enum sandbox_role)role, SANDBOX_DEFAULT, &s);
            double took = now_ms() - start;
            char line[80];
            int len =
                snprintf(line, sizeof line, "# figure S32: %.2f ms of CPU to confine the %s\n",
                         took, roles[role]);
            if (write(STDOUT_FILENO, line, (size_t)len) < 0)
                _exit(FAILED);
            _exit(result == 0 ? ALLOWED : EXIT_NOT_CONFINED);
        }
        assert_int_equal(outcome_of(child), ALLOWED);
    }
}

/* Strict: whatever is refused would end it. */
static void the_loops_work(void **state)
{
    (void)state;
    assert_int_equal(try_confined(SANDBOX_CLIENT, SANDBOX_STRICT, work), ALLOWED);
    assert_int_equal(try_confined(SANDBOX_SERVER, SANDBOX_STRICT, work), ALLOWED);
}

static long ask_for_the_user(void)
{
    return syscall(SYS_getuid) >= 0 ? 0 : -1;
}

static void S32_strict_takes_no_excuse(void **state)
{
    (void)state;
    if (!have_filters())
        skip();
    assert_int_equal(try_confined(SANDBOX_SERVER, SANDBOX_DEFAULT, ask_for_the_user), REFUSED);
    assert_int_equal(try_confined(SANDBOX_SERVER, SANDBOX_STRICT, ask_for_the_user), KILLED);
}

static long give_up(void)
{
    abort();
}

/* An assertion that fails says so and is a SIGABRT, as everywhere. */
static void an_abort_is_an_abort(void **state)
{
    (void)state;
    assert_int_equal(try_confined(SANDBOX_CLIENT, SANDBOX_STRICT, give_up), DIED);
    assert_int_equal(try_confined(SANDBOX_SERVER, SANDBOX_STRICT, give_up), DIED);
}

static long reap_a_child(void)
{
    return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : -1;
}

static void server_reaps_its_children(void **state)
{
    (void)state;
    assert_int_equal(try_confined(SANDBOX_SERVER, SANDBOX_STRICT, reap_a_child), ALLOWED);
}

/* The second layer holds alone, where the kernel has it. */
static void S32_landlock_keeps_files_away(void **state)
{
    int abi = 0;
    pid_t child = fork();

    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !sandbox_landlock(SANDBOX_SERVER, &abi))
            _exit(abi == 0 ? FAILED : EXIT_NOT_CONFINED);
        errno = 0;
        _exit(open(own_file, O_RDONLY) < 0 && errno == EACCES ? FAILED : ALLOWED);
    }
    assert_int_equal(outcome_of(child), FAILED);
}

#endif

static int prepare(void **state)
{
    (void)state;
    open_file = mkstemp(own_file);
    udp_socket = socket(AF_INET, SOCK_DGRAM, 0);
    tcp_socket = socket(AF_INET, SOCK_STREAM, 0);
    return open_file < 0 || udp_socket < 0 || tcp_socket < 0;
}

static int clear(void **state)
{
    (void)state;
    close(open_file);
    close(udp_socket);
    close(tcp_socket);
    return unlink(own_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy_is_a_word),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(off_is_off),
#if defined(HAVE_SECCOMP) && !defined(BUILD_INSTRUMENTED)
        cmocka_unit_test(S32_every_call_is_as_listed),
        cmocka_unit_test(S32_intruder_gets_nowhere),
        cmocka_unit_test(S32_entering_is_no_effort),
        cmocka_unit_test(the_loops_work),
        cmocka_unit_test(S32_strict_takes_no_excuse),
        cmocka_unit_test(an_abort_is_an_abort),
        cmocka_unit_test(server_reaps_its_children),
        cmocka_unit_test(S32_landlock_keeps_files_away),
#endif
    };

    return cmocka_run_group_tests(tests, prepare, clear);
}
