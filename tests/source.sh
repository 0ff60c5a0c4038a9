#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Rules about the source that no compiler knows: who includes whom, a core without system calls,
# headers that stand alone, the map, the layout, the scripts, the manual pages.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/lib/testlib.sh"
cd "$SRC_DIR" || exit 1

has_clang_format_14() {
    command -v clang-format >/dev/null && clang-format --version | grep -q 'version 14\.'
}

check "includes go the way that the layers go" scripts/check-layers
check "each header compiles alone" scripts/check-headers "$BUILD_DIR"
check "the map in HACKING.md is complete" scripts/check-map

if [ -n "${INSTRUMENT_CFLAGS:-}" ]; then
    skip "the core makes no system calls" "built with sanitizers or for coverage"
else
    check "the core makes no system calls" \
        scripts/check-symbols "$OURS_BINDIR/libmoshcore.a" "$OURS_BINDIR/libmoshproto.a"
fi

# The rest of OpenSSL is none of ours: EVP_Cipher() and what is below EVP have left ends of texts unsealed.
cipher_calls='EVP_CIPHER_CTX_(new|free|ctrl)|EVP_CIPHER_(fetch|free)|EVP_CipherInit_ex|EVP_(En|De)crypt(Init|Final)_ex|EVP_(En|De)cryptUpdate|OPENSSL_init_crypto|CRYPTO_set_mem_functions|OpenSSL_version_num'
called=$(find src -name '*.[ch]' -exec sed 's|/\*.*\*/||; /^ *\/\*/,/\*\//d' {} + |
    grep -oE '\b(EVP|CRYPTO|AES|OPENSSL|OpenSSL|RAND)_[A-Za-z0-9_]+ *\(' | tr -d ' (' | sort -u)
check_contains "S13: the source calls OpenSSL" "EVP_DecryptUpdate" "$called"
check_equal "S13: and of it, Update and Final alone" "" "$(grep -vxE "$cipher_calls" <<<"$called")"
for program in mosh mosh-client mosh-server; do
    [ -x "$OURS_BINDIR/$program" ] || continue
    check_equal "S13: nor does $program import more" "" "$(
        nm -D --undefined-only "$OURS_BINDIR/$program" | awk '{ sub(/@.*/, "", $2); print $2 }' |
            grep -E '^(EVP|CRYPTO|AES|OPENSSL|OpenSSL|RAND)_' | grep -vxE "$cipher_calls")"
done
check "R49: no call of OpenSSL that is deprecated" sh -c \
    "\${CC:-cc} -fsyntax-only -Werror -DOPENSSL_API_COMPAT=30000 -DOPENSSL_NO_DEPRECATED -Isrc -I'$BUILD_DIR' \
        \$(pkg-config --cflags libcrypto 2>/dev/null) src/crypto/seal.c"

if has_clang_format_14; then
    check "C files are laid out by clang-format" scripts/format --check
else
    skip "C files are laid out by clang-format" "clang-format 14 is not installed"
fi

if command -v shellcheck >/dev/null; then
    # shellcheck disable=SC2046  # a list
    check "shellcheck finds nothing in the scripts" shellcheck -x $(scripts/shell-scripts)
else
    skip "shellcheck finds nothing in the scripts" "shellcheck is not installed"
fi

if command -v mandoc >/dev/null; then
    # Its standard error is about the system's index. Which other manuals there are is the system's
    # affair, too.
    check_equal "mandoc finds nothing in the manual pages" "" \
        "$(mandoc -T lint man/*.1 2>/dev/null | grep -v 'referenced manual not found')"
else
    skip "mandoc finds nothing in the manual pages" "mandoc is not installed"
fi

# Man-db's man is not mandoc's; groff's complaints are what is wanted.
if command -v groff >/dev/null && man --version 2>/dev/null | grep -q '^man 2'; then
    for page in man/*.1; do
        check_equal "man finds nothing in $page" "" "$(
            MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)"
    done
else
    skip "man finds nothing in the manual pages" "man-db or groff is not installed"
fi

missing=$(find src tests scripts -type f \( -name '*.[chy]' -o -name '*.sh' -o -perm -100 \) \
    ! -name '*.pb-c.*' ! -path '*/.*' -exec grep -L 'SPDX-License-Identifier: GPL-3.0-or-later' {} +)
check_equal "each file names its licence" "" "$missing"
finish
