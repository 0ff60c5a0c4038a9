/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sys/sandbox_internal.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "util/xalloc.h"

#define RULES_BYTES ((size_t)512 * 1024) /* twice of what libseccomp takes for ours */

/*
 * Names instead of numbers, since every architecture has calls that others have not; a name that is
 * unknown here is passed over. A call that is on no list fails with EPERM and the session goes on:
 * after an update of the C library, killing would take a session of weeks with it.
 */

/* clang-format off */

/* Allowed whatever the arguments. */
static const char *const for_both[] = {
    /* bytes in and out of descriptors that are open */
    "read", "readv", "write", "writev", "close", "fcntl", "fcntl64", "recvmsg", "recvfrom",
    "sendto", "sendmsg", "getsockopt",
    /* waiting, and the time */
    "ppoll", "ppoll_time64", "poll", "pselect6", "pselect6_time64", "clock_gettime",
    "clock_gettime64", "clock_nanosleep", "clock_nanosleep_time64", "nanosleep", "gettimeofday",
    "time", "restart_syscall", "timerfd_create", "timerfd_settime", "timerfd_settime64",
    /* memory; mmap and mprotect have rules below */
    "brk", "munmap", "mremap", "madvise", "futex", "futex_time64", "getrandom",
    "sysinfo", /* glibc's qsort asks how much there is */
    /* signals to ourselves */
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigreturn", "rt_sigpending",
    /* who we are, and the end */
    "getpid", "gettid", "exit", "exit_group",
};

/* It lets go of the standard streams, and waits for children that were started before. */
static const char *const for_server[] = {"dup2", "dup3", "wait4", "waitid", "waitpid"};

/* New sockets while roaming, whose kind has a rule below: for datagrams, and to learn from the kernel
   which way these would take. */
static const char *const for_client[] = {"bind", "connect", "getsockname", "setsockopt"};

/* Nobody makes these in a session, and no C library in our name: they end the process. */
static const char *const never[] = {
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev",
    "creat", "openat2", "bpf", "io_uring_setup", "io_uring_enter", "io_uring_register",
    "userfaultfd", "keyctl", "add_key", "request_key",
};

/* clang-format on */

#define SOCKETCALL_SOCKET     1 /* linux/net.h */
#define SOCKETCALL_SETSOCKOPT 14
#define SOCKET_KIND           (~(unsigned)(SOCK_CLOEXEC | SOCK_NONBLOCK))

/* The kernel's structure is in no header that goes together with termios.h; its size is part of the
   numbers of the requests. */
struct termios2 {
    uint8_t bytes[44];
};

/* On terminals and sockets that are open. */
static const unsigned long requests[] = {
    TIOCGPGRP, TIOCGWINSZ, TIOCSWINSZ, FIONREAD, TCGETS, TCSETS, TCSETSW, TCSETSF, TCSBRK,
#ifdef TCGETS2 /* newer C libraries */
    TCGETS2,   TCSETS2,    TCSETSW2,   TCSETSF2,
#endif
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The kernel looks at 32 bits of these arguments, so whatever stands above them is not compared. */
#define BITS(n, mask, value)                                                                       \
    SCMP_CMP(n, SCMP_CMP_MASKED_EQ, (scmp_datum_t)(mask), (scmp_datum_t)(value))
#define IS(n, value) BITS(n, 0xFFFFFFFFu, (unsigned)(value))

struct filter {
    scmp_filter_ctx context;
    uint32_t otherwise; /* what happens to a call that has no rule */
    bool failed;
};

/* A rule for calls whose arguments fulfil all of the conditions. */
static void add(struct filter *f, uint32_t action, const char *name, unsigned count,
                const struct scmp_arg_cmp *conditions)
{
    int call = seccomp_syscall_resolve_name(name);

    if (call == __NR_SCMP_ERROR || action == f->otherwise)
        return;
    if (seccomp_rule_add_array(f->context, action, call, count, conditions) != 0)
        f->failed = true;
}

static void add_all(struct filter *f, uint32_t action, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(f, action, names[i], 0, NULL);
}

/* One condition is enough. */
static void allow_if(struct filter *f, const char *name, struct scmp_arg_cmp condition)
{
    add(f, SCMP_ACT_ALLOW, name, 1, &condition);
}

static void kill_if(struct filter *f, const char *name, struct scmp_arg_cmp condition)
{
    add(f, SCMP_ACT_KILL_PROCESS, name, 1, &condition);
}

/* Memory from nowhere, and none that can be run. */
static void allow_memory(struct filter *f)
{
#ifdef __s390__ /* mmap has its arguments in memory, where a filter does not see them */
    add(f, SCMP_ACT_ALLOW, "mmap", 0, NULL);
#else
    static const char *const names[] = {"mmap", "mmap2"};
    const struct scmp_arg_cmp anonymous[] = {BITS(2, PROT_EXEC, 0),
                                             BITS(3, MAP_ANONYMOUS, MAP_ANONYMOUS)};
    for (size_t i = 0; i < COUNT(names); i++)
        add(f, SCMP_ACT_ALLOW, names[i], COUNT(anonymous), anonymous);
#endif
    allow_if(f, "mprotect", BITS(2, PROT_EXEC, 0));
}

/* Reading a file may be tried by a C library on its way, and fails; writing is nobody's business.
 */
static void forbid_writing(struct filter *f)
{
    static const int flags[] = {O_WRONLY, O_RDWR};

    for (size_t i = 0; i < COUNT(flags); i++) {
        kill_if(f, "open", BITS(1, O_ACCMODE, flags[i]));
        kill_if(f, "openat", BITS(2, O_ACCMODE, flags[i]));
    }
    kill_if(f, "open", BITS(1, O_ACCMODE | O_CREAT, O_RDONLY | O_CREAT));
    kill_if(f, "openat", BITS(2, O_ACCMODE | O_CREAT, O_RDONLY | O_CREAT));
}

/* clone3 has its flags in memory: C libraries that are told that there is none use clone. */
static void forbid_processes(struct filter *f)
{
#ifdef __s390__
    const unsigned flags = 1;
#else
    const unsigned flags = 0;
#endif
    kill_if(f, "clone", BITS(flags, CLONE_THREAD, 0));
    add(f, SCMP_ACT_ERRNO(ENOSYS), "clone3", 0, NULL);
}

/* SIGABRT and the like, which a handler of ours has caught and raises anew. */
static void allow_signals_to_self(struct filter *f)
{
    allow_if(f, "tgkill", IS(0, getpid()));
    allow_if(f, "tkill", IS(0, getpid()));
}

/* The group, when the user suspends the client. */
static void allow_suspending(struct filter *f)
{
    const struct scmp_arg_cmp group[] = {IS(0, 0), IS(1, SIGTSTP)};

    add(f, SCMP_ACT_ALLOW, "kill", COUNT(group), group);
}

static void allow_udp_sockets(struct filter *f)
{
    static const int families[] = {AF_INET, AF_INET6};

    for (size_t i = 0; i < COUNT(families); i++) {
        const struct scmp_arg_cmp udp[] = {IS(0, families[i]), BITS(1, SOCKET_KIND, SOCK_DGRAM)};
        add(f, SCMP_ACT_ALLOW, "socket", COUNT(udp), udp);
    }
#ifdef SYS_socketcall
    /* Where there is this call (i386, s390x), the C library makes sockets with it, and it has its
       arguments in memory: of what kind they are, a filter does not see. */
    allow_if(f, "socketcall", IS(0, SOCKETCALL_SOCKET));
#endif
}

/* Whether datagrams may be cut on their way: a probe may not (udp_forbid_fragments). */
static void allow_forbidding_fragments(struct filter *f)
{
    const struct scmp_arg_cmp ipv4[] = {IS(1, IPPROTO_IP), IS(2, IP_MTU_DISCOVER)};
    const struct scmp_arg_cmp ipv6[] = {IS(1, IPPROTO_IPV6), IS(2, IPV6_MTU_DISCOVER)};

    add(f, SCMP_ACT_ALLOW, "setsockopt", COUNT(ipv4), ipv4);
    add(f, SCMP_ACT_ALLOW, "setsockopt", COUNT(ipv6), ipv6);
#ifdef SYS_socketcall /* where a filter does not see which option it is */
    allow_if(f, "socketcall", IS(0, SOCKETCALL_SETSOCKOPT));
#endif
}

/* What getifaddrs asks for the addresses of this machine. */
static void allow_routing_sockets(struct filter *f)
{
    const struct scmp_arg_cmp route[] = {IS(0, AF_NETLINK), BITS(1, SOCKET_KIND, SOCK_RAW),
                                         IS(2, NETLINK_ROUTE)};

    add(f, SCMP_ACT_ALLOW, "socket", COUNT(route), route);
}

static void forbid_kind(struct filter *f, int family, int kind)
{
    const struct scmp_arg_cmp sockets[] = {IS(0, family), BITS(1, SOCKET_KIND, kind)};

    add(f, SCMP_ACT_KILL_PROCESS, "socket", COUNT(sockets), sockets);
}

static void forbid_sockets(struct filter *f, enum sandbox_role role)
{
    if (role == SANDBOX_SERVER) {
        add(f, SCMP_ACT_KILL_PROCESS, "socket", 0, NULL);
    } else {
        forbid_kind(f, AF_INET, SOCK_STREAM);
        forbid_kind(f, AF_INET, SOCK_RAW);
        forbid_kind(f, AF_INET6, SOCK_STREAM);
        forbid_kind(f, AF_INET6, SOCK_RAW);
        allow_udp_sockets(f);
        allow_routing_sockets(f);
    }
}

static void add_rules(struct filter *f, enum sandbox_role role)
{
    add_all(f, SCMP_ACT_ALLOW, for_both, COUNT(for_both));
    for (size_t i = 0; i < COUNT(requests); i++)
        allow_if(f, "ioctl", IS(1, requests[i]));
    allow_memory(f);
    allow_signals_to_self(f);
    if (role == SANDBOX_SERVER) {
        add_all(f, SCMP_ACT_ALLOW, for_server, COUNT(for_server));
        allow_forbidding_fragments(f);
    } else {
        add_all(f, SCMP_ACT_ALLOW, for_client, COUNT(for_client));
        allow_suspending(f);
    }
    forbid_sockets(f, role);
    add_all(f, SCMP_ACT_KILL_PROCESS, never, COUNT(never));
    forbid_processes(f);
    forbid_writing(f);
}

bool sandbox_seccomp(enum sandbox_role role, bool strict)
{
    struct filter f = {.otherwise = strict ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM)};

    xalloc_set_aside(RULES_BYTES); /* it does not look whether it gets all that it asks for */
    f.context = seccomp_init(f.otherwise);
    if (!f.context)
        return false;
    /* Another architecture's calls (32-bit ones on a 64-bit kernel, x32) are no way around. */
    f.failed = seccomp_attr_set(f.context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0;
    add_rules(&f, role);
    if (!f.failed)
        f.failed = seccomp_load(f.context) != 0;
    seccomp_release(f.context);
    return !f.failed;
}

#else

bool sandbox_seccomp(enum sandbox_role role, bool strict)
{
    (void)role;
    (void)strict;
    return false;
}

#endif
