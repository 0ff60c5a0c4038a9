/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * alloc: put before the C library of one of our programs with LD_PRELOAD, it lets allocations fail.
 * In the environment:
 *
 *   FAULT_PROGRAM  the name of the program in which it acts; in others it does nothing
 *   FAULT_TABLE    a file of sizeof (struct table) zero bytes, which all processes of a run share
 *   FAULT_MODE     look: nothing fails, and the table gets each call site that is reached
 *                  site: the call site FAULT_AT fails, the first time that it is reached
 *                  once: the allocation number FAULT_AT fails
 *                  on: so do all from that number on
 *
 * What libseccomp and libtinfo ask for is given to them, and not counted: they do not look at all
 * that they get, and so the programs set aside what they need before they call them
 * (xalloc_set_aside).
 *
 * A call site is the addresses of the innermost FRAMES functions, each within its object, so that
 * it is the same in every run. `faultsites` reads the table.
 */

#define _GNU_SOURCE
#include "faulttable.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* glibc's own, below the names that are replaced here. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

enum { OWN_FRAMES = 3 /* is_chosen_site, should_fail, malloc */, PAGE_BITS = 0xFFF };

enum mode { OFF, LOOK, SITE, ONCE, ON };

static enum mode mode;
static struct table *table;
static uint64_t at;
static struct {
    uintptr_t from, to;
} spared[4]; /* where these libraries are */
static size_t spared_count;
static bool busy; /* what looks at the stack may allocate itself */

static enum mode parse_mode(const char *text)
{
    static const char *const names[] = {
        [LOOK] = "look", [SITE] = "site", [ONCE] = "once", [ON] = "on"};

    for (enum mode m = LOOK; m <= ON; m++) {
        if (strcmp(text, names[m]) == 0)
            return m;
    }
    return OFF;
}

static int find_spared(struct dl_phdr_info *object, size_t size, void *context)
{
    (void)size;
    (void)context;
    if (!strstr(object->dlpi_name, "/libseccomp") && !strstr(object->dlpi_name, "/libtinfo") &&
        !strstr(object->dlpi_name, "/libncurses"))
        return 0;
    for (int i = 0; i < object->dlpi_phnum && spared_count < 4; i++) {
        const ElfW(Phdr) *p = &object->dlpi_phdr[i];
        if (p->p_type != PT_LOAD || !(p->p_flags & PF_X))
            continue;
        spared[spared_count].from = object->dlpi_addr + p->p_vaddr;
        spared[spared_count].to = spared[spared_count].from + p->p_memsz;
        spared_count++;
    }
    return 0;
}

static bool is_spared(const void *caller)
{
    for (size_t i = 0; i < spared_count; i++) {
        if ((uintptr_t)caller >= spared[i].from && (uintptr_t)caller < spared[i].to)
            return true;
    }
    return false;
}

__attribute__((constructor)) static void begin(void)
{
    const char *program = getenv("FAULT_PROGRAM"), *file = getenv("FAULT_TABLE");
    const char *how = getenv("FAULT_MODE"), *where = getenv("FAULT_AT");
    void *frames[FRAMES];
    int fd;

    if (!program || !file || !how || strcmp(program, program_invocation_short_name) != 0)
        return;
    fd = open(file, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    table = mmap(NULL, sizeof *table, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (table == MAP_FAILED)
        return;
    (void)backtrace(frames, FRAMES); /* loads what it needs, while nothing fails yet */
    dl_iterate_phdr(find_spared, NULL);
    at = where ? strtoull(where, NULL, 16) : 0;
    mode = parse_mode(how);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* FNV-1a over names and offsets. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t len)
{
    const unsigned char *p = bytes;

    while (len--)
        hash = (hash ^ *p++) * 1099511628211U;
    return hash;
}

static uint64_t hash_stack(void *const *frames, int count)
{
    uint64_t hash = 14695981039346656037U;

    for (int i = OWN_FRAMES; i < count; i++) {
        Dl_info info;
        uintptr_t offset = (uintptr_t)frames[i];
        if (dladdr(frames[i], &info) && info.dli_fbase) {
            offset -= (uintptr_t)info.dli_fbase;
            hash = mix(hash, base_name(info.dli_fname), strlen(base_name(info.dli_fname)));
        }
        hash = mix(hash, &offset, sizeof offset);
    }
    /* The end of an address within its page is known without looking at the stack. */
    return (hash & ~(uint64_t)PAGE_BITS) | ((uintptr_t)frames[OWN_FRAMES] & PAGE_BITS);
}

static void describe(void *const *frames, int count, char *text, size_t size)
{
    size_t len = 0;

    text[0] = '\0';
    for (int i = OWN_FRAMES; i < count && len < size; i++) {
        Dl_info info = {0};
        (void)dladdr(frames[i], &info);
        int n = snprintf(text + len, size - len, "%s%s+0x%lx", len ? " < " : "",
                         info.dli_fname ? base_name(info.dli_fname) : "?",
                         (unsigned long)((uintptr_t)frames[i] - (uintptr_t)info.dli_fbase));
        len += n > 0 ? (size_t)n : 0;
    }
}

static void note_site(uint64_t hash, void *const *frames, int count)
{
    for (size_t i = hash % SITES_MAX, tries = 0; tries < SITES_MAX;
         i = (i + 1) % SITES_MAX, tries++) {
        struct site *s = &table->site[i];
        if (s->hash == hash) {
            s->calls++;
            return;
        }
        if (s->hash == 0) {
            s->hash = hash;
            s->calls = 1;
            describe(frames, count, s->text, sizeof s->text);
            return;
        }
    }
}

static __attribute__((noinline)) bool is_chosen_site(void)
{
    void *frames[OWN_FRAMES + FRAMES];
    int count = backtrace(frames, OWN_FRAMES + FRAMES);
    uint64_t hash = hash_stack(frames, count);

    if (mode == LOOK)
        note_site(hash, frames, count);
    return mode == SITE && hash == at && table->failed == 0;
}

static __attribute__((noinline)) bool should_fail(const void *caller)
{
    bool fails;

    if (mode == OFF || busy || is_spared(caller))
        return false;
    if (mode == SITE && (table->failed || (((uintptr_t)caller ^ at) & PAGE_BITS)))
        return false;
    busy = true;
    uint64_t number = atomic_fetch_add(&table->calls, 1) + 1;
    fails = mode == ONCE ? number == at : mode == ON ? number >= at : is_chosen_site();
    if (fails) {
        atomic_fetch_add(&table->failed, 1);
        errno = ENOMEM;
    }
    busy = false;
    return fails;
}

void *malloc(size_t size)
{
    void *p = should_fail(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
    __asm__ volatile("" : : "r"(p)); /* no tail call: the frames are counted */
    return p;
}

void *calloc(size_t count, size_t size)
{
    void *p = should_fail(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
    __asm__ volatile("" : : "r"(p));
    return p;
}

void *realloc(void *old, size_t size)
{
    void *p = should_fail(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
    __asm__ volatile("" : : "r"(p));
    return p;
}

void *memalign(size_t alignment, size_t size)
{
    void *p = should_fail(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
    __asm__ volatile("" : : "r"(p));
    return p;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    void *p = should_fail(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
    __asm__ volatile("" : : "r"(p));
    return p;
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *p = should_fail(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
    if (p)
        *out = p;
    return p ? 0 : ENOMEM;
}

/* The C library's would hide who asks. */
char *strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = should_fail(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}
