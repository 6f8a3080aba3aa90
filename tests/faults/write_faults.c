/* A library to preload: fails, or kills its process, at the n-th write below a folder.

   Writes are all calls by which a program changes files: of Python, of SQLite, of Arrow. `arm` says
   where, at which write, and how; `points` says how many there were. A full disk stays full: every
   later write fails, while renaming and removing work. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[4096];
static long at = -1;
static int fault; /* 0: SIGKILL; else the errno of the call */
static atomic_long seen;

void arm(const char *below, long number, int kind) {
    strncpy(folder, below, sizeof folder - 1);
    fault = kind;
    atomic_store(&seen, 0);
    at = number;
}

long points(void) { return atomic_load(&seen); }

static int inside(const char *path) {
    return path[0] != '/' || strncmp(path, folder, strlen(folder)) == 0;
}

/* Whether this call is to fail; `grows` says whether it needs room on the disk. */
static int fails(const char *path, int grows) {
    if (at < 0 || !inside(path)) return 0;
    long number = atomic_fetch_add(&seen, 1) + 1;
    if (at == 0 || number < at) return 0;
    if (fault == 0) kill(getpid(), SIGKILL);
    if (fault == ENOSPC ? !grows : number > at) return 0;
    errno = fault;
    return 1;
}

static int fails_on(int descriptor, int grows) {
    char link[64], path[4096];
    if (at < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0 || path[0] != '/') return 0;
    path[length] = 0;
    return fails(path, grows);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int d, const void *b, size_t n) { return fails_on(d, 1) ? -1 : NEXT(write)(d, b, n); }
ssize_t writev(int d, const struct iovec *v, int n) {
    return fails_on(d, 1) ? -1 : NEXT(writev)(d, v, n);
}
ssize_t pwrite(int d, const void *b, size_t n, off_t o) {
    return fails_on(d, 1) ? -1 : NEXT(pwrite)(d, b, n, o);
}
ssize_t pwrite64(int d, const void *b, size_t n, off64_t o) {
    return fails_on(d, 1) ? -1 : NEXT(pwrite64)(d, b, n, o);
}
ssize_t sendfile64(int to, int from, off64_t *o, size_t n);
ssize_t sendfile64(int to, int from, off64_t *o, size_t n) {
    return fails_on(to, 1) ? -1 : NEXT(sendfile64)(to, from, o, n);
}
ssize_t copy_file_range(int from, off64_t *i, int to, off64_t *o, size_t n, unsigned f) {
    return fails_on(to, 1) ? -1 : NEXT(copy_file_range)(from, i, to, o, n, f);
}
int ftruncate(int d, off_t n) { return fails_on(d, 1) ? -1 : NEXT(ftruncate)(d, n); }
int ftruncate64(int d, off64_t n) { return fails_on(d, 1) ? -1 : NEXT(ftruncate64)(d, n); }
int fsync(int d) { return fails_on(d, 0) ? -1 : NEXT(fsync)(d); }
int fdatasync(int d) { return fails_on(d, 0) ? -1 : NEXT(fdatasync)(d); }
int mkdir(const char *p, mode_t m) { return fails(p, 1) ? -1 : NEXT(mkdir)(p, m); }
int rename(const char *a, const char *b) { return fails(b, 0) ? -1 : NEXT(rename)(a, b); }
int renameat2(int c, const char *a, int d, const char *b, unsigned f) {
    return fails(b, 0) ? -1 : NEXT(renameat2)(c, a, d, b, f);
}
int unlink(const char *p) { return fails(p, 0) ? -1 : NEXT(unlink)(p); }

#define OPEN(name)                                                      \
    int name(const char *path, int flags, ...) {                        \
        va_list rest;                                                   \
        va_start(rest, flags);                                          \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                   \
        if (flags & O_CREAT && access(path, F_OK) && fails(path, 1)) return -1; \
        return NEXT(name)(path, flags, mode);                           \
    }
OPEN(open)
OPEN(open64)
