/* Counts the syncs that a process asks of the system, in a file named by YIYANG_SYNCS: one byte is
   appended before each. Where there is a file of the name in YIYANG_NO_SYNCS they fail. Loaded before the system's own library (LD_PRELOAD), by the test alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void count(void)
{
    const char *path = getenv("YIYANG_SYNCS");
    int file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (file < 0)
        return;
    if (write(file, ".", 1) != 1)
        abort();
    close(file);
}

static int fails(void)
{
    const char *path = getenv("YIYANG_NO_SYNCS");
    if (!path || access(path, F_OK))
        return 0;
    errno = EIO;
    return 1;
}

int fsync(int file)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    count();
    return fails() ? -1 : real(file);
}

int fdatasync(int file)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    count();
    return fails() ? -1 : real(file);
}
