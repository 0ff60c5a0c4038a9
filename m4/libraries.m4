# SPDX-License-Identifier: GPL-3.0-or-later
# Libraries that may be missing, and the table at the end of configure.

# OpenSSL 3.0 or later. What is older gets neither repairs nor what AES-OCB is used through here.
AC_DEFUN([MOSH_OPENSSL], [
  AS_IF([$PKG_CONFIG --exists libcrypto && ! $PKG_CONFIG --atleast-version=3.0 libcrypto],
    [found=`$PKG_CONFIG --modversion libcrypto`
     AC_MSG_ERROR([OpenSSL $found is too old: mosh needs 3.0 or later.
OpenSSL 1.1.1 has had no repairs since September 2023. Where both are installed,
PKG_CONFIG_PATH says which one is taken.])])
  PKG_CHECK_MODULES([CRYPTO], [libcrypto >= 3.0])
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
#ifndef __i386__
#error another processor
#endif]])],
    [MOSH_WITHOUT_FAULT([libcrypto], [OpenSSL], [3.0.5], [CVE-2022-2097: on this processor AES-OCB leaves bytes in the clear])])
])

AC_DEFUN([MOSH_PROTOBUF_C], [
  PKG_CHECK_MODULES([PROTOBUF_C], [libprotobuf-c >= 1.3])
  MOSH_WITHOUT_FAULT([libprotobuf-c], [protobuf-c], [1.4.1], [CVE-2022-48468: its decoder computes a length wrongly])
])

# Some distributions repair a fault and leave the version as it was; they say so.
AC_DEFUN([MOSH_OLD_LIBRARIES], [
  AC_ARG_ENABLE([old-libraries],
    [AS_HELP_STRING([--enable-old-libraries],
      [take libraries of versions that have known faults, which the distribution has repaired])],
    [], [enable_old_libraries=no])
  AS_IF([test "$enable_old_libraries" = yes],
    [AC_DEFINE([OLD_LIBRARIES_REPAIRED], [1], [Define if faults of old libraries have been repaired here])])
])

# MOSH_WITHOUT_FAULT(MODULE, NAME, VERSION, FAULT): refuses what is older; src/sys/libraries.c warns.
AC_DEFUN([MOSH_WITHOUT_FAULT], [
  AS_IF([test "$enable_old_libraries" != yes && $PKG_CONFIG --exists $1 && ! $PKG_CONFIG --atleast-version=$3 $1],
    [found=`$PKG_CONFIG --modversion $1`
     AC_MSG_ERROR([$2 $found has a fault that $3 has not:
$4.
If your distribution has repaired it in this version: --enable-old-libraries])])
])

# Login records through libutempter, whose setgid helper may write them.
AC_DEFUN([MOSH_UTEMPTER], [
  AC_ARG_WITH([utempter],
    [AS_HELP_STRING([--with-utempter=auto|yes|no],
      [keep login records (utmp) with libutempter; auto: if it is there])],
    [], [with_utempter=auto])
  have_utempter=no
  AS_IF([test "$with_utempter" != no], [
    AC_CHECK_HEADER([utempter.h], [
      AC_CHECK_LIB([utempter], [utempter_remove_added_record], [have_utempter=yes])])
    AS_IF([test "$with_utempter" = yes && test "$have_utempter" = no],
      [AC_MSG_ERROR([--with-utempter was given, but there is no libutempter])])])
  AS_IF([test "$have_utempter" = yes], [
    UTEMPTER_LIBS=-lutempter
    AC_DEFINE([HAVE_UTEMPTER], [1], [Define if libutempter keeps the login records])])
  AC_SUBST([UTEMPTER_LIBS])
])

# The sandbox's list of system calls (Linux), and OpenBSD's counterpart.
AC_DEFUN([MOSH_SANDBOX], [
  AC_ARG_WITH([seccomp],
    [AS_HELP_STRING([--with-seccomp=auto|yes|no],
      [allow only the system calls that a session needs, with libseccomp; auto: if it is there])],
    [], [with_seccomp=auto])
  have_seccomp=no
  AS_IF([test "$with_seccomp" != no], [
    PKG_CHECK_MODULES([SECCOMP], [libseccomp >= 2.5], [have_seccomp=yes], [have_seccomp=no])
    AS_IF([test "$with_seccomp" = yes && test "$have_seccomp" = no],
      [AC_MSG_ERROR([--with-seccomp was given, but there is no libseccomp])])])
  AS_IF([test "$have_seccomp" = yes],
    [AC_DEFINE([HAVE_SECCOMP], [1], [Define if libseccomp restricts the system calls])])
  AC_CHECK_FUNCS([pledge])
])

# What tests alone use.
AC_DEFUN([MOSH_TEST_LIBRARIES], [
  PKG_CHECK_MODULES([CMOCKA], [cmocka], [have_cmocka=yes], [have_cmocka=no])
  AM_CONDITIONAL([HAVE_CMOCKA], [test "$have_cmocka" = yes])
  PKG_CHECK_MODULES([VTERM], [vterm], [have_vterm=yes], [have_vterm=no])
  AM_CONDITIONAL([HAVE_VTERM], [test "$have_vterm" = yes])
  AS_IF([test "$have_vterm" = yes],
    [AC_DEFINE([HAVE_VTERM], [1], [Define if tests can compare with libvterm])])
])

# MOSH_SAY_VERSION(VARIABLE, MODULE): what the table says of a library.
AC_DEFUN([MOSH_SAY_VERSION], [
  $1="$2 `$PKG_CONFIG --modversion $2 2>/dev/null || echo as given by hand`"
])

AC_DEFUN([MOSH_SUMMARY], [
  MOSH_SAY_VERSION([says_crypto], [libcrypto])
  MOSH_SAY_VERSION([says_zlib], [zlib])
  MOSH_SAY_VERSION([says_protobuf], [libprotobuf-c])
  AS_IF([test "$enable_client" != no], [MOSH_SAY_VERSION([says_terminfo], [$terminfo])],
    [says_terminfo="not needed: without mosh and mosh-client"])
  AS_IF([test "$have_utempter" = yes], [says_utempter="libutempter: sessions show in who and w"],
    [says_utempter="none: without libutempter, sessions do not show in who and w"])
  AS_IF([test "$have_seccomp" = yes], [says_sandbox="libseccomp, Landlock where the kernel has it"],
    [test "$ac_cv_func_pledge" = yes], [says_sandbox="pledge, unveil"],
    [says_sandbox="partial: without libseccomp, system calls are not restricted"])
  AS_IF([test "$have_cmocka" = yes], [says_unit="built by 'make check'"],
    [says_unit="SKIPPED: cmocka was not found (Debian: libcmocka-dev)"])
  AS_IF([test "$have_vterm" = yes], [says_vterm="yes"],
    [says_vterm="skipped: libvterm was not found (Debian: libvterm-dev)"])
  AS_IF([test -n "$INSTRUMENT_CFLAGS" && test "$enable_hardening" = no],
    [says_hardening="no (or not with sanitizers and coverage)"],
    [says_hardening="$enable_hardening"])
  AC_MSG_NOTICE([

    mosh $PACKAGE_VERSION, to be installed in $prefix

    compiler               $CC $CFLAGS
    warnings               $enable_compile_warnings
    hardening              $says_hardening
    static                 $enable_static $STATIC_LDFLAGS
    sanitizers             $enable_sanitize
    code coverage          $enable_code_coverage
    encryption             $says_crypto
    compression            $says_zlib
    messages               $says_protobuf
    terminals              $says_terminfo
    login records          $says_utempter
    sandbox                $says_sandbox
    unit tests             $says_unit
    compared with libvterm $says_vterm
])
])
