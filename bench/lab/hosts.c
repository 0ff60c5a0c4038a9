/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hosts.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER "mosh-lab." /* of its name, in the folder for temporary files */

enum { STATUS_NO_RIGHTS = 77 };

static char folder[sizeof((struct hosts *)NULL)->dir]; /* for the end */
static pid_t opener;

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        err(EXIT_FAILURE, "%s", path);
    close(fd);
}

/* Whoever is not root can be it in a user namespace, where the system allows that. */
static void become_root(void)
{
    char map[64];
    unsigned uid = geteuid(), gid = getegid();

    if (uid == 0)
        return;
    if (unshare(CLONE_NEWUSER) < 0)
        errx(STATUS_NO_RIGHTS,
             "making network namespaces takes root (CAP_SYS_ADMIN), or user namespaces, "
             "which this system refuses: %s",
             strerror(errno));
    snprintf(map, sizeof map, "0 %u 1", uid);
    write_file("/proc/self/uid_map", map);
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", gid);
    write_file("/proc/self/gid_map", map);
}

static int open_tun(void)
{
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI, .ifr_name = "link0"};
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        err(STATUS_NO_RIGHTS, "the laboratory's link needs /dev/net/tun");
    if (ioctl(fd, TUNSETIFF, &request) < 0)
        err(STATUS_NO_RIGHTS, "making a TUN device takes CAP_NET_ADMIN");
    return fd;
}

static void shell(const char *command)
{
    int status = system(command);

    if (status != 0)
        errx(EXIT_FAILURE, "failed: %s", command);
}

/* What most systems have, or at least what all have, so that results depend little on what this one
   has chosen; its bbr would never fill a queue. */
static void choose_tcp(void)
{
    int fd = open("/proc/sys/net/ipv4/tcp_congestion_control", O_WRONLY | O_CLOEXEC);

    if (fd < 0 || (write(fd, "cubic", 5) < 0 && write(fd, "reno", 4) < 0))
        warn("choosing TCP's congestion control");
    close(fd);
}

/* Makes host number `i` around this process and binds its namespace to a file. */
static void make_host(struct hosts *h, size_t i)
{
    char path[128], command[512];
    int fd;

    if (unshare(CLONE_NEWNET) < 0)
        err(STATUS_NO_RIGHTS, "making a network namespace takes CAP_SYS_ADMIN");
    choose_tcp();
    h->tun[i] = open_tun();
    snprintf(path, sizeof path, "%s/%c", h->dir, (int)('a' + i));
    if ((fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)) < 0)
        err(EXIT_FAILURE, "%s", path);
    close(fd);
    if (mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL) < 0)
        err(EXIT_FAILURE, "binding %s", path);
    snprintf(command, sizeof command,
             "ip link set lo up && ip link set link0 up mtu %d txqueuelen 10000 &&"
             " ip addr add 10.91.0.%zu/24 dev link0 && ip -6 addr add fd91::%zu/64 dev link0 nodad",
             HOSTS_MTU, i + 1, i + 1);
    shell(command);
}

/* Whoever runs holds its folder locked; a folder of somebody who was killed is free, and empty. */
static void remove_leftovers(const char *tmp)
{
    char pattern[64];
    glob_t found = {0};

    snprintf(pattern, sizeof pattern, "%s/" FOLDER "??????", tmp);
    if (glob(pattern, GLOB_NOSORT, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            int fd = open(found.gl_pathv[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
                (void)rmdir(found.gl_pathv[i]);
            close(fd);
        }
    }
    globfree(&found);
}

/* Whether a folder that has just been locked is still there: another lab may have removed it. */
static bool is_there(const char *path, int fd)
{
    struct stat by_name, by_fd;

    return stat(path, &by_name) == 0 && fstat(fd, &by_fd) == 0 && by_name.st_ino == by_fd.st_ino;
}

/* Makes the folder, and holds it locked for as long as this process lives. */
static void make_folder(struct hosts *h)
{
    const char *tmp = getenv("TMPDIR");

    if (!tmp || strlen(tmp) >= sizeof h->dir - sizeof "/" FOLDER "XXXXXX")
        tmp = "/tmp";
    remove_leftovers(tmp);
    for (;;) {
        snprintf(h->dir, sizeof h->dir, "%s/" FOLDER "XXXXXX", tmp);
        if (!mkdtemp(h->dir))
            err(EXIT_FAILURE, "%s", h->dir);
        h->lock = open(h->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (h->lock >= 0 && flock(h->lock, LOCK_EX) == 0 && is_there(h->dir, h->lock))
            return;
        close(h->lock);
    }
}

/* However this process ends, short of being killed. */
static void remove_folder(void)
{
    if (getpid() != opener)
        return; /* a child that ends in its own way */
    umount2(folder, MNT_DETACH);
    rmdir(folder);
}

void hosts_open(struct hosts *h)
{
    int ours = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

    become_root();
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        err(STATUS_NO_RIGHTS, "making a mount namespace takes CAP_SYS_ADMIN");
    make_folder(h);
    opener = getpid();
    snprintf(folder, sizeof folder, "%s", h->dir);
    atexit(remove_folder);
    if (mount("lab", h->dir, "tmpfs", 0, NULL) < 0)
        err(EXIT_FAILURE, "mounting on %s", h->dir);
    for (size_t i = 0; i < HOST_COUNT; i++)
        make_host(h, i);
    /* Only a user namespace of our own has no way back; nothing needs it there. */
    (void)setns(ours, CLONE_NEWNET);
    close(ours);
}

void hosts_enter(const char *dir, const char *name)
{
    char path[128];
    int fd;

    if (strcmp(name, "a") != 0 && strcmp(name, "b") != 0)
        errx(EXIT_FAILURE, "there are the hosts a and b, not '%s'", name);
    snprintf(path, sizeof path, "%s/%s", dir, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
        err(EXIT_FAILURE, "going over to host %s", name);
    close(fd);
}

/* Process 1 of the namespace: collects whatever ends there until the command does. */
static int serve_as_init(pid_t command)
{
    for (;;) {
        int status;
        pid_t ended = wait(&status);
        if (ended == command)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (ended < 0 && errno != EINTR)
            return EXIT_FAILURE;
    }
}

pid_t hosts_run(const struct hosts *h, char *const argv[])
{
    sigset_t none;
    pid_t init, command;

    if (unshare(CLONE_NEWPID) < 0)
        err(STATUS_NO_RIGHTS, "making a PID namespace takes CAP_SYS_ADMIN");
    init = fork();
    if (init < 0)
        err(EXIT_FAILURE, "fork");
    if (init > 0)
        return init;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (unshare(CLONE_NEWNS) < 0 || mount("proc", "/proc", "proc", 0, NULL) < 0)
        err(EXIT_FAILURE, "mounting /proc");
    hosts_enter(h->dir, "a");
    setenv("LAB_DIR", h->dir, 1);
    command = fork();
    if (command < 0)
        err(EXIT_FAILURE, "fork");
    if (command > 0)
        exit(serve_as_init(command));
    execvp(argv[0], argv);
    err(127, "%s", argv[0]);
}
