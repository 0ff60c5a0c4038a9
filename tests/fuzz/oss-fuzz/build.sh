#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds all fuzz targets into $OUT with the compilers, flags and engine that OSS-Fuzz gives ($CC,
# $CXX, $CFLAGS, $CXXFLAGS, $LIB_FUZZING_ENGINE), each with its corpus. Libraries that are missing where
# they run are linked in. Run in the source; builds in $WORK. `tests/fuzz/oss-fuzz/try` tries it here.

set -eu
top=$PWD
[ -x configure ] || ./autogen.sh
mkdir -p "$WORK/mosh"
cd "$WORK/mosh"
"$top/configure" CC="$CC" CFLAGS="$CFLAGS" CPPFLAGS="-DFUZZ_ENGINE -I$top/tests/fuzz/engine" \
    CMOCKA_CFLAGS=' ' CMOCKA_LIBS=' ' CRYPTO_LIBS='-l:libcrypto.a -lpthread -ldl' ZLIB_LIBS=-l:libz.a \
    PROTOBUF_C_LIBS=-l:libprotobuf-c.a --disable-hardening --without-utempter >configure.log
# The engine is C++, and so is the linker then.
make -j"$(nproc)" V=0 fuzz-targets FUZZ_REPLAY= CCLD="$CXX" LDFLAGS="${CXXFLAGS:-}" LIBS="$LIB_FUZZING_ENGINE"
for corpus in "$top"/tests/fuzz/corpus/*/; do
    target=$(basename "$corpus")
    cp "tests/fuzz/$target" "$OUT/mosh_$target"
    cp "$top/tests/fuzz/terminal.dict" "$OUT/mosh_$target.dict"
    zip -qjr "$OUT/mosh_${target}_seed_corpus.zip" "$corpus"
done
