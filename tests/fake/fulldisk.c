/* fulldisk - a disk with no room left, for a program that it is preloaded into: while the file that
 * FULLDISK_WHEN names is there, no file below a folder "base" (of tables) takes another byte */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_full(int fd)
{
    char link[64], path[4096];
    const char *when = getenv("FULLDISK_WHEN");
    if (!when || access(when, F_OK) < 0)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    return strstr(path, "/base/") != NULL;
}

/* By both names: which one a program is linked with depends on how its offsets were declared. */
#define REFUSES_WHEN_FULL(name, type)                                                              \
    ssize_t name(int fd, const type *bytes, size_t length, off_t at)                               \
    {                                                                                              \
        static ssize_t (*real)(int, const type *, size_t, off_t);                                  \
        if (!real)                                                                                 \
            *(void **)&real = dlsym(RTLD_NEXT, #name);                                             \
        if (!is_full(fd))                                                                          \
            return real(fd, bytes, length, at);                                                    \
        errno = ENOSPC;                                                                            \
        return -1;                                                                                 \
    }

REFUSES_WHEN_FULL(pwrite, void)
REFUSES_WHEN_FULL(pwrite64, void)
