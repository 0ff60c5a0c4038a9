/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_LIBRARIES_H
#define MOSH_SYS_LIBRARIES_H

/*
 * Versions of libraries in which faults are known that a session would meet. configure refuses
 * them; a program that was built with better ones may still find them where it runs.
 */

#include <stdbool.h>
#include <stdint.h>

struct library_versions {
    unsigned long openssl; /* as OpenSSL_version_num() says it */
    uint32_t protobuf_c;   /* as protobuf_c_version_number() does */
    bool ia32;             /* the processor: x86 with 32 bits */
};

/* The first of these faults in words, NULL if there is none. */
const char *libraries_fault(const struct library_versions *versions);

/* On standard error, about the libraries that are here. Nothing where the build was configured with
   --enable-old-libraries: then the distribution has repaired its own. */
void libraries_warn(const char *program);

#endif
