/* Stands between a program and its disk: counts, stops, fails or notes down what is done to the files of one folder.
 *
 * It is preloaded (LD_PRELOAD) and does nothing until `fault_arm` was called, which is done from Python after a fork. What
 * it counts lies in memory shared by all processes that were forked since, so that the n-th step is the n-th of all.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sendfile.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum mode { RESTS, KILLS, TEARS, FAILS, STAYS_FULL, STOPS, NOTES };
enum kind { CREATE = 1, WRITE, CUT, SYNC, RENAME, UNLINK, MKDIR, RMDIR, LINK, MARK };

struct shared { volatile int lock; volatile long count; };

struct note { /* before its data, its path and its other path in the journal */
    uint32_t kind, length, path, other;
    uint64_t inode, offset;
};

static struct shared *shared;
static char root[PATH_MAX];
static size_t root_length;
static int mode, code, journal = -1;
static long nth;

void fault_arm(const char *folder, int how, long at, int error, int notes);

/* A program that one under watch has started notes down too what it does. */
__attribute__((constructor)) static void prepare(void) {
    const char *folder = getenv("STUDIO_FAULTS_ROOT"), *notes = getenv("STUDIO_FAULTS_JOURNAL");
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (folder && notes) fault_arm(folder, NOTES, 0, 0, openat(AT_FDCWD, notes, O_WRONLY | O_APPEND | O_CLOEXEC));
}

void fault_arm(const char *folder, int how, long at, int error, int notes) {
    strncpy(root, folder, PATH_MAX - 1);
    root_length = strlen(root);
    shared->lock = 0;
    shared->count = 0;
    nth = at, code = error, journal = notes, mode = how;
}

/* From here on this process counts for itself. */
void fault_alone(void) {
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

void fault_rest(void) { mode = RESTS; }

long fault_count(void) { return shared->count; }

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static int beneath(const char *path) {
    size_t length = strlen(path);
    if (strncmp(path, root, root_length) || (path[root_length] != '/' && path[root_length])) return 0;
    return length < 4 || strcmp(path + length - 4, "-shm"); /* SQLite makes that one anew after a crash */
}

static int of_handle(int handle, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return beneath(path);
}

/* The whole path of a name beside an open folder, and whether it is beneath the root. */
static int of_name(int folder, const char *name, char *path) {
    if (name[0] == '/') {
        strncpy(path, name, PATH_MAX - 1);
        return beneath(path);
    }
    if (folder == AT_FDCWD) {
        if (!getcwd(path, PATH_MAX / 2)) return 0;
    } else if (!of_handle(folder, path)) return 0;
    strncat(path, "/", PATH_MAX - strlen(path) - 1);
    strncat(path, name, PATH_MAX - strlen(path) - 1);
    return beneath(path);
}

static void seize(void) {
    while (__sync_lock_test_and_set(&shared->lock, 1)) sched_yield();
}

static void let_go(void) { __sync_lock_release(&shared->lock); }

/* Whether the step is to fail; a step that is to be the last never returns. `torn` asks for half of a write first. */
static int strikes(enum kind kind, int *torn) {
    long number = __sync_add_and_fetch(&shared->count, 1);
    if (mode == KILLS && number == nth) kill(getpid(), SIGKILL), pause();
    if (mode == TEARS && number == nth) {
        if (!torn) kill(getpid(), SIGKILL), pause();
        else *torn = 1;
    }
    if (mode == STOPS && number == nth) kill(getpid(), SIGSTOP);
    int room = kind == UNLINK || kind == RMDIR; /* what a full disk still can do */
    if (((mode == FAILS && number == nth) || (mode == STAYS_FULL && number >= nth)) && !room) {
        errno = code;
        return 1;
    }
    return 0;
}

static void note(enum kind kind, uint64_t inode, uint64_t offset, const void *data, size_t length, const char *path,
                 const char *other) {
    struct note head = {kind, length, path ? strlen(path) : 0, other ? strlen(other) : 0, inode, offset};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)data, length}, {(void *)path, head.path}, {(void *)other, head.other}};
    int before = errno;
    REAL(writev)(journal, parts, 4);
    errno = before;
}

void fault_mark(long number) {
    seize();
    note(MARK, number, 0, NULL, 0, NULL, NULL);
    let_go();
}

static uint64_t inode_of(int handle) {
    struct stat known;
    return fstat(handle, &known) ? 0 : known.st_ino;
}

static ssize_t written(int handle, const void *data, size_t length, off_t offset, int placed) {
    char path[PATH_MAX];
    int torn = 0;
    ssize_t done;
    int watched = mode && of_handle(handle, path);
    if (watched && strikes(WRITE, &torn)) return -1;
    if (watched && mode == NOTES) seize();
    size_t much = torn ? length / 2 : length;
    done = placed ? REAL(pwrite)(handle, data, much, offset) : REAL(write)(handle, data, much);
    if (torn) kill(getpid(), SIGKILL), pause();
    if (watched && mode == NOTES) {
        if (done > 0) {
            uint64_t at = placed ? (uint64_t)offset : (uint64_t)(lseek(handle, 0, SEEK_CUR) - done);
            note(WRITE, inode_of(handle), at, data, done, path, NULL);
        }
        let_go();
    }
    return done;
}

ssize_t write(int handle, const void *data, size_t length) { return written(handle, data, length, 0, 0); }

ssize_t pwrite(int handle, const void *data, size_t length, off_t offset) {
    return written(handle, data, length, offset, 1);
}

ssize_t pwrite64(int handle, const void *data, size_t length, off64_t offset) {
    return written(handle, data, length, offset, 1);
}

ssize_t writev(int handle, const struct iovec *parts, int count) {
    char path[PATH_MAX];
    if (!mode || !of_handle(handle, path)) return REAL(writev)(handle, parts, count);
    ssize_t total = 0;
    for (int part = 0; part < count; part++) {
        ssize_t done = written(handle, parts[part].iov_base, parts[part].iov_len, 0, 0);
        if (done < 0) return total ? total : -1;
        total += done;
    }
    return total;
}

static int cut(int handle, off_t length) {
    char path[PATH_MAX];
    int watched = mode && of_handle(handle, path);
    if (watched && strikes(CUT, NULL)) return -1;
    if (watched && mode == NOTES) seize();
    int done = REAL(ftruncate)(handle, length);
    if (watched && mode == NOTES) {
        if (!done) note(CUT, inode_of(handle), length, NULL, 0, path, NULL);
        let_go();
    }
    return done;
}

int ftruncate(int handle, off_t length) { return cut(handle, length); }

int ftruncate64(int handle, off64_t length) { return cut(handle, length); }

static int synced(int handle, int all) {
    char path[PATH_MAX];
    int watched = mode && of_handle(handle, path);
    if (watched && strikes(SYNC, NULL)) return -1;
    if (watched && mode == NOTES) seize();
    int done = all ? REAL(fsync)(handle) : REAL(fdatasync)(handle);
    if (watched && mode == NOTES) {
        if (!done) note(SYNC, inode_of(handle), 0, NULL, 0, path, NULL);
        let_go();
    }
    return done;
}

int fsync(int handle) { return synced(handle, 1); }

int fdatasync(int handle) { return synced(handle, 0); }

static int opened(int folder, const char *name, int flags, mode_t rights) {
    char path[PATH_MAX];
    int making = flags & (O_CREAT | O_TRUNC);
    int watched = mode && making && of_name(folder, name, path);
    if (!watched) return REAL(openat)(folder, name, flags, rights);
    struct stat known;
    int fresh = fstatat(folder, name, &known, 0);
    if (!fresh && !(flags & O_TRUNC)) return REAL(openat)(folder, name, flags, rights);
    if (strikes(CREATE, NULL)) return -1;
    if (mode == NOTES) seize();
    int handle = REAL(openat)(folder, name, flags, rights);
    if (mode == NOTES) {
        if (handle >= 0) note(fresh ? CREATE : CUT, inode_of(handle), 0, NULL, 0, path, NULL);
        let_go();
    }
    return handle;
}

#define RIGHTS mode_t rights = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); rights = va_arg(more, mode_t); va_end(more); }

int open(const char *name, int flags, ...) { RIGHTS return opened(AT_FDCWD, name, flags, rights); }

int open64(const char *name, int flags, ...) { RIGHTS return opened(AT_FDCWD, name, flags | O_LARGEFILE, rights); }

int openat(int folder, const char *name, int flags, ...) { RIGHTS return opened(folder, name, flags, rights); }

int openat64(int folder, const char *name, int flags, ...) { RIGHTS return opened(folder, name, flags | O_LARGEFILE, rights); }

/* One step on names: `act` is done between the strike and the note. */
#define STEP(kind, folder, name, others, act)                                                                          \
    char path[PATH_MAX] = "", other[PATH_MAX] = "";                                                                    \
    int watched = mode && of_name(folder, name, path);                                                                 \
    others;                                                                                                            \
    if (watched && strikes(kind, NULL)) return -1;                                                                     \
    if (watched && mode == NOTES) seize();                                                                             \
    int done = act;                                                                                                    \
    if (watched && mode == NOTES) {                                                                                    \
        if (!done) note(kind, 0, 0, NULL, 0, path, other);                                                             \
        let_go();                                                                                                      \
    }                                                                                                                  \
    return done;

int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
    STEP(RENAME, from, old, if (mode) of_name(to, new, other), REAL(renameat2)(from, old, to, new, flags))
}

int renameat(int from, const char *old, int to, const char *new) {
    STEP(RENAME, from, old, if (mode) of_name(to, new, other), REAL(renameat)(from, old, to, new))
}

int rename(const char *old, const char *new) {
    STEP(RENAME, AT_FDCWD, old, if (mode) of_name(AT_FDCWD, new, other), REAL(rename)(old, new))
}

int link(const char *old, const char *new) {
    STEP(LINK, AT_FDCWD, old, if (mode) of_name(AT_FDCWD, new, other), REAL(link)(old, new))
}

int unlinkat(int folder, const char *name, int flags) {
    STEP(flags & AT_REMOVEDIR ? RMDIR : UNLINK, folder, name, , REAL(unlinkat)(folder, name, flags))
}

int unlink(const char *name) { STEP(UNLINK, AT_FDCWD, name, , REAL(unlink)(name)) }

int rmdir(const char *name) { STEP(RMDIR, AT_FDCWD, name, , REAL(rmdir)(name)) }

int mkdirat(int folder, const char *name, mode_t rights) {
    STEP(MKDIR, folder, name, , REAL(mkdirat)(folder, name, rights))
}

int mkdir(const char *name, mode_t rights) { STEP(MKDIR, AT_FDCWD, name, , REAL(mkdir)(name, rights)) }

/* Copying inside the kernel would pass by `write`; Python copies by hand where these are not to be had. */
ssize_t sendfile64(int out, int in, off64_t *offset, size_t count) {
    if (mode) { errno = ENOSYS; return -1; }
    return REAL(sendfile64)(out, in, offset, count);
}

ssize_t sendfile(int out, int in, off_t *offset, size_t count) { return sendfile64(out, in, (off64_t *)offset, count); }

ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t length, unsigned flags) {
    if (mode) { errno = ENOSYS; return -1; }
    return REAL(copy_file_range)(in, from, out, to, length, flags);
}
