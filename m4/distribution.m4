# SPDX-License-Identifier: GPL-3.0-or-later
# What distributions want: the same bytes from each build, and files where they have them.

# With GNU tar, `make dist` does not depend on whose files they are, on the umask and on the order in
# folders; nor on the time, where SOURCE_DATE_EPOCH gives one. Comes after AM_INIT_AUTOMAKE.
AC_DEFUN([MOSH_REPRODUCIBLE_TAR], [
  AC_CACHE_CHECK([for a tar that sorts], [mosh_cv_tar_sorts], [
    AS_IF([${TAR-tar} --sort=name --owner=0 --group=0 --numeric-owner --mode=go+u,go-w --format=ustar \
        --mtime=@0 -chf - "$srcdir/configure.ac" >/dev/null 2>&1],
      [mosh_cv_tar_sorts=yes], [mosh_cv_tar_sorts=no])])
  AS_IF([test "$mosh_cv_tar_sorts" = yes], [
    am__tar='$${TAR-tar} --sort=name --owner=0 --group=0 --numeric-owner --mode=go+u,go-w'
    am__tar="$am__tar"' --format=ustar $${SOURCE_DATE_EPOCH:+--mtime=@$$SOURCE_DATE_EPOCH}'
    am__tar="$am__tar"' -chf - "$$tardir"'])
])

# PATH_CFLAGS: neither assertions nor debugging information name the folders of this build. Tools
# that look for the source by these names, as for coverage, keep them.
AC_DEFUN([MOSH_REPRODUCIBLE_PATHS], [
  AS_IF([test -z "$INSTRUMENT_CFLAGS"], [
    MOSH_TRY_FLAG([mosh_prefix_map], [-ffile-prefix-map=./=])
    AS_IF([test -n "$mosh_prefix_map"], [
      PATH_CFLAGS='-ffile-prefix-map=$(abs_top_srcdir)/= -ffile-prefix-map=$(abs_top_builddir)=.'
      PATH_CFLAGS="$PATH_CFLAGS"' -ffile-prefix-map=$(top_srcdir)/='])])
  AC_SUBST([PATH_CFLAGS])
])

# MOSH_COMPLETION_DIR(SHELL, DEFAULT)
AC_DEFUN([MOSH_COMPLETION_DIR], [
  AC_ARG_WITH([$1-completion-dir],
    [AS_HELP_STRING([--with-$1-completion-dir=DIR], [where completions for $1 go @<:@$2@:>@])],
    [], [with_$1_completion_dir=yes])
  AS_CASE([$with_$1_completion_dir],
    [yes|''], [$1completiondir='$2'],
    [no], [AC_MSG_ERROR([--with-$1-completion-dir takes a folder])],
    [$1completiondir=$with_$1_completion_dir])
  AC_SUBST([$1completiondir])
])

AC_DEFUN([MOSH_COMPLETION_DIRS], [
  MOSH_COMPLETION_DIR([bash], [${datadir}/bash-completion/completions])
  MOSH_COMPLETION_DIR([zsh], [${datadir}/zsh/site-functions])
  MOSH_COMPLETION_DIR([fish], [${datadir}/fish/vendor_completions.d])
])
