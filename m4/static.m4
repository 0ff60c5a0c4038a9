# SPDX-License-Identifier: GPL-3.0-or-later
# Programs that need no library where they run, and builds of the server alone.

# MOSH_TRY_STATIC(FLAG): sets STATIC_LDFLAGS to it if what it links asks for no loader.
AC_DEFUN([MOSH_TRY_STATIC], [
  AS_IF([test -z "$STATIC_LDFLAGS"], [
    AC_MSG_CHECKING([whether $CC links static programs with $1])
    saved_LDFLAGS=$LDFLAGS saved_CFLAGS=$CFLAGS
    LDFLAGS="$LDFLAGS $1"
    CFLAGS="$CFLAGS -fPIE"
    static_works=no
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>]], [[puts("");]])],
      [AS_IF([$READELF -lW conftest$EXEEXT 2>/dev/null | grep INTERP >/dev/null], [],
        [static_works=yes])])
    LDFLAGS=$saved_LDFLAGS CFLAGS=$saved_CFLAGS
    AC_MSG_RESULT([$static_works])
    AS_IF([test "$static_works" = yes], [STATIC_LDFLAGS=$1])])
])

# --enable-static comes before the libraries are looked for; MOSH_STATIC_FLAGS before the hardening.
AC_DEFUN([MOSH_STATIC], [
  AC_ARG_ENABLE([static],
    [AS_HELP_STRING([--enable-static],
      [link the programs with no shared library at all (see scripts/build-static)])],
    [], [enable_static=no])
  AS_IF([test "$enable_static" = yes], [PKG_CONFIG="$PKG_CONFIG --static"])
])

AC_DEFUN([MOSH_STATIC_FLAGS], [
  STATIC_LDFLAGS=
  AC_CHECK_TOOL([READELF], [readelf], [:])
  AS_IF([test "$enable_static" = yes], [
    AS_IF([test -n "$INSTRUMENT_CFLAGS"],
      [AC_MSG_ERROR([--enable-static goes with neither sanitizers nor coverage])])
    MOSH_TRY_STATIC([-static-pie])
    MOSH_TRY_STATIC([-static])
    AS_IF([test -z "$STATIC_LDFLAGS"],
      [AC_MSG_ERROR([--enable-static was given, but $CC has no static C library to link with])])
    saved_LIBS=$LIBS saved_LDFLAGS=$LDFLAGS saved_CFLAGS=$CFLAGS
    LDFLAGS="$LDFLAGS $STATIC_LDFLAGS"
    CFLAGS="$CFLAGS -fPIE"
    LIBS="$PROTOBUF_C_LIBS $CRYPTO_LIBS $ZLIB_LIBS $LIBS"
    AC_MSG_CHECKING([for static libraries of OpenSSL, zlib and protobuf-c])
    AC_LINK_IFELSE([AC_LANG_PROGRAM(
      [[char EVP_EncryptInit_ex(), deflate(), protobuf_c_message_unpack();]],
      [[return EVP_EncryptInit_ex() + deflate() + protobuf_c_message_unpack();]])],
      [AC_MSG_RESULT([yes])],
      [AC_MSG_RESULT([no])
       AC_MSG_ERROR([--enable-static was given, but OpenSSL, zlib or protobuf-c is there as a shared library only])])
    LIBS=$saved_LIBS LDFLAGS=$saved_LDFLAGS CFLAGS=$saved_CFLAGS])
  AC_SUBST([STATIC_LDFLAGS])
])

AC_DEFUN([MOSH_PROGRAMS], [
  AC_ARG_ENABLE([client],
    [AS_HELP_STRING([--disable-client], [build mosh-server alone, which needs no ncurses])],
    [], [enable_client=yes])
  AM_CONDITIONAL([CLIENT], [test "$enable_client" != no])
])
