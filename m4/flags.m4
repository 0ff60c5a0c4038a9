# SPDX-License-Identifier: GPL-3.0-or-later
# How the compiler is called.

# MOSH_TRY_FLAG(VARIABLE, FLAG): appends FLAG to VARIABLE if the compiler and the linker take it
# without a word. Warnings count as refusal, since some compilers only warn of what they ignore.
AC_DEFUN([MOSH_TRY_FLAG], [
  AS_VAR_PUSHDEF([cached], [mosh_cv_flag_$2])
  AC_CACHE_CHECK([whether $CC takes $2], [cached], [
    saved_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS -Werror $2"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>]], [[puts("");]])],
      [AS_VAR_SET([cached], [yes])], [AS_VAR_SET([cached], [no])])
    CFLAGS=$saved_CFLAGS])
  AS_VAR_IF([cached], [yes], [AS_VAR_APPEND([$1], [" $2"])])
  AS_VAR_POPDEF([cached])
])

# MOSH_TRY_FLAGS(VARIABLE, FLAG...): each of a list, one by one.
AC_DEFUN([MOSH_TRY_FLAGS], [m4_foreach_w([mosh_flag], [$2], [MOSH_TRY_FLAG([$1], m4_defn([mosh_flag]))])])

# WARN_CFLAGS for all that is written by hand, STRICT_CFLAGS on top for what is installed; tests
# convert between integers as they like.
AC_DEFUN([MOSH_WARNINGS], [
  AC_ARG_ENABLE([compile-warnings],
    [AS_HELP_STRING([--enable-compile-warnings=yes|error|no],
      [warn much (default), take warnings for errors, or stay with the compiler's defaults])],
    [], [enable_compile_warnings=yes])
  AS_CASE([$enable_compile_warnings], [yes|error|no], [],
    [AC_MSG_ERROR([--enable-compile-warnings takes yes, error or no])])
  AS_IF([test "$enable_compile_warnings" != no], [
    MOSH_TRY_FLAGS([WARN_CFLAGS], [-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
      -Wformat=2 -Wimplicit-fallthrough -Wpointer-arith -Wundef -Wvla
      -Wtrampolines -Wbidi-chars=any])
    # Where snprintf cuts something off, it is meant to.
    MOSH_TRY_FLAGS([WARN_CFLAGS], [-Wno-format-truncation])
    # No vector goes from one file to another; how it would is said of processors without any.
    MOSH_TRY_FLAGS([WARN_CFLAGS], [-Wno-psabi])
    MOSH_TRY_FLAGS([STRICT_CFLAGS], [-Wconversion -Wsign-conversion])])
  MOSH_TRY_FLAG([WARN_CFLAGS], [-Wformat -Werror=format-security])
  MOSH_TRY_FLAGS([WARN_CFLAGS], [-Werror=implicit -Werror=incompatible-pointer-types -Werror=int-conversion])
  AS_IF([test "$enable_compile_warnings" = error], [AS_VAR_APPEND([WARN_CFLAGS], [" -Werror"])])
  AC_SUBST([WARN_CFLAGS])
  AC_SUBST([STRICT_CFLAGS])
])

# --enable-sanitize=address,undefined: for tests. Excludes the hardening, which hides what the
# sanitizers look for.
AC_DEFUN([MOSH_SANITIZE], [
  AC_ARG_ENABLE([sanitize],
    [AS_HELP_STRING([--enable-sanitize=LIST],
      [build with these sanitizers, such as address,undefined (for tests)])],
    [], [enable_sanitize=no])
  AS_IF([test "$enable_sanitize" = yes], [enable_sanitize=address,undefined])
  AS_IF([test "$enable_sanitize" != no], [
    INSTRUMENT_CFLAGS="-fsanitize=$enable_sanitize -fno-sanitize-recover=all -fno-omit-frame-pointer"
    saved_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS $INSTRUMENT_CFLAGS"
    AC_MSG_CHECKING([whether $CC can sanitize $enable_sanitize])
    AC_LINK_IFELSE([AC_LANG_PROGRAM()], [AC_MSG_RESULT([yes])],
      [AC_MSG_RESULT([no])
       AC_MSG_ERROR([$CC cannot build with -fsanitize=$enable_sanitize])])
    CFLAGS=$saved_CFLAGS])
  AC_SUBST([INSTRUMENT_CFLAGS])
  AM_CONDITIONAL([SANITIZE], [test "$enable_sanitize" != no])
])

# --enable-code-coverage: `make check-code-coverage` then leaves a report in HTML.
AC_DEFUN([MOSH_CODE_COVERAGE], [
  AC_ARG_ENABLE([code-coverage],
    [AS_HELP_STRING([--enable-code-coverage], [measure what the tests reach (for tests)])],
    [], [enable_code_coverage=no])
  AS_IF([test "$enable_code_coverage" != no], [
    AC_CHECK_PROGS([LCOV], [lcov])
    AC_CHECK_PROGS([GENHTML], [genhtml])
    AS_IF([test -z "$LCOV" || test -z "$GENHTML"], [AC_MSG_ERROR([code coverage needs lcov])])
    AS_VAR_APPEND([INSTRUMENT_CFLAGS], [" --coverage"])
    # After the user's flags, for with -O2 a branch of the compiler is not one of the source.
    AS_VAR_APPEND([CFLAGS], [" -O0"])
    AC_DEFINE([BUILD_COVERAGE], [1], [Define if what the tests reach is counted])])
  AM_CONDITIONAL([CODE_COVERAGE], [test "$enable_code_coverage" != no])
])

# All that this compiler, linker and machine have against the exploitation of faults that are left.
AC_DEFUN([MOSH_HARDENING], [
  AC_ARG_ENABLE([hardening],
    [AS_HELP_STRING([--disable-hardening], [build without protection against exploits])],
    [], [enable_hardening=yes])
  AS_IF([test -n "$INSTRUMENT_CFLAGS"], [
    enable_hardening=no
    AC_DEFINE([BUILD_INSTRUMENTED], [1], [Define if sanitizers or coverage are built in])])
  AS_IF([test "$enable_hardening" != no], [
    # Both of these or neither: the macro may be preset, and needs -O.
    MOSH_TRY_FLAG([HARDEN_CFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3])
    MOSH_TRY_FLAGS([HARDEN_CFLAGS], [-fstack-protector-strong -fstack-clash-protection
      -fcf-protection=full -mbranch-protection=standard -fPIE -fno-delete-null-pointer-checks
      -fno-strict-overflow -fno-strict-aliasing -ftrivial-auto-var-init=zero
      -fzero-call-used-regs=used-gpr -fstrict-flex-arrays=3 -fzero-init-padding-bits=all])
    AS_IF([test -z "$STATIC_LDFLAGS"], [MOSH_TRY_FLAG([HARDEN_LDFLAGS], [-pie])])
    MOSH_TRY_FLAGS([HARDEN_LDFLAGS], [-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
      -Wl,-z,nodlopen -Wl,-z,separate-code -Wl,--as-needed -Wl,--no-copy-dt-needed-entries])])
  AS_IF([test "$enable_hardening" != no && test -z "$STATIC_LDFLAGS"], [MOSH_ENTRY])
  AC_SUBST([HARDEN_CFLAGS])
  AC_SUBST([HARDEN_LDFLAGS])
  AM_CONDITIONAL([HARDENED], [test "$enable_hardening" != no])
])

# x86-64's mark for indirect branch tracking and shadow stacks is in a program only if all that is
# linked into it has it, and some C libraries (Debian 12's) have start-up files without. There, the
# linker is told to set it, and what those files lack comes from src/sys/entry.c.
AC_DEFUN([MOSH_ENTRY], [
  AC_CACHE_CHECK([what marks programs for IBT and SHSTK], [mosh_cv_entry], [
    mosh_cv_entry=nothing
    saved_CFLAGS=$CFLAGS saved_LDFLAGS=$LDFLAGS
    CFLAGS="$CFLAGS $HARDEN_CFLAGS"
    LDFLAGS="$LDFLAGS $HARDEN_LDFLAGS"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[
#if !defined __x86_64__ || !defined __CET__
#error none here
#endif]])],
      [AS_IF([$READELF -nW conftest$EXEEXT 2>/dev/null | grep 'IBT, SHSTK' >/dev/null],
        [mosh_cv_entry=compiler])
       LDFLAGS="$LDFLAGS MOSH_ENTRY_FLAGS"
       AS_IF([test "$mosh_cv_entry" = nothing],
         [AC_LINK_IFELSE([AC_LANG_PROGRAM(
           [[__asm__(".text\n.globl mosh_entry\nmosh_entry:\nendbr64\njmp _start\n");]])],
           [AS_IF([$READELF -nW conftest$EXEEXT 2>/dev/null | grep 'IBT, SHSTK' >/dev/null],
             [mosh_cv_entry=linker])])])])
    CFLAGS=$saved_CFLAGS LDFLAGS=$saved_LDFLAGS])
  AS_IF([test "$mosh_cv_entry" = linker],
    [ENTRY_LDFLAGS="MOSH_ENTRY_FLAGS"
     AC_DEFINE([OWN_ENTRY], [1], [Define if programs begin at mosh_entry])])
  AC_SUBST([ENTRY_LDFLAGS])
])

# A symbol that is not there, for _init and _fini, leaves them out.
m4_define([MOSH_ENTRY_FLAGS],
  [-Wl,-z,ibt -Wl,-z,shstk -Wl,-e,mosh_entry -Wl,-init,mosh_no_init -Wl,-fini,mosh_no_fini])
