/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sys/libraries.h"

#include <openssl/crypto.h>
#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

#include "sys/args.h"

/* In the libraries' own ways to number their versions. */
#define OPENSSL_3_0_5    0x30000050UL
#define PROTOBUF_C_1_4_1 1004001u

const char *libraries_fault(const struct library_versions *versions)
{
    if (versions->ia32 && versions->openssl < OPENSSL_3_0_5)
        return "OpenSSL here is older than 3.0.5, whose AES-OCB on this processor leaves bytes in"
               " the clear (CVE-2022-2097)";
    if (versions->protobuf_c < PROTOBUF_C_1_4_1)
        return "protobuf-c here is older than 1.4.1, whose decoder computes a length wrongly"
               " (CVE-2022-48468)";
    return NULL;
}

void libraries_warn(const char *program)
{
#ifdef OLD_LIBRARIES_REPAIRED
    (void)program;
#else
    const struct library_versions here = {
        .openssl = OpenSSL_version_num(),
        .protobuf_c = protobuf_c_version_number(),
#ifdef __i386__
        .ia32 = true,
#endif
    };
    const char *fault = libraries_fault(&here);

    if (fault)
        args_warn(program, "%s; please update it", fault);
#endif
}
