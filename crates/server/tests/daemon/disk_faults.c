/*
 * A disk that fails on demand, for tests/daemon/disk.rs.
 *
 * Loaded into the server by LD_PRELOAD, it stands between the program (and its SQLite) and libc for files below
 * one directory: $DISK_FAULTS_ROOT. The test switches what goes wrong, while the server runs, through a small file
 * that both have mapped: $DISK_FAULTS_CONTROL. Standard error counts, too, where it is a file in that directory.
 *
 * It knows what a file's last sync has left on the disk: each write notes what it replaces until the next sync
 * succeeds. So a sync that fails can lose the pages, as the kernel does when it marks them clean (a later sync
 * then "succeeds" without them), and the power can go off: all that was not synced is undone, and the process is
 * killed.
 *
 * What it does not know: truncations, and creations, renames and deletions in directories are never undone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* The same numbers are in disk.rs. */
enum mode {
    NONE = 0,
    FULL = 1,         /* nothing can be written beyond `bytes_left` */
    READ_ONLY = 2,    /* EROFS for whatever changes anything */
    WRITES_FAIL = 3,  /* EIO for writes */
    SYNCS_FAIL = 4,   /* EIO for syncs, which lose what they were to keep */
    SYNC_FAILS = 5,   /* the same, once */
    SHORT_WRITES = 6, /* a write takes a part of what it was given: legal, and no fault */
    WAL_UNREADABLE = 7,
    POWER_OFF = 8,
};

struct control {
    uint64_t mode, bytes_left, injected;
};

enum kind { OTHER = 0, TRACKED, WAL, LOG };

struct undo {
    struct undo *earlier;
    off_t at, size_before;
    size_t kept;
    char bytes[];
};

#define FDS_MAX 65536
static unsigned char kinds[FDS_MAX];
static struct undo *undos[FDS_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct control *control;
static char root[PATH_MAX];
static size_t root_len;

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void *symbol(const char *name) { return dlsym(RTLD_NEXT, name); }

static int is_below_root(const char *path) {
    return root_len > 0 && strncmp(path, root, root_len) == 0 && (path[root_len] == '/' || path[root_len] == 0);
}

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("DISK_FAULTS_ROOT"), *file = getenv("DISK_FAULTS_CONTROL");
    if (!folder || !file) return;
    int fd = ((int (*)(const char *, int, ...))symbol("open"))(file, O_RDWR | O_CLOEXEC);
    if (fd < 0) abort();
    control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (control == MAP_FAILED) abort();
    ((int (*)(int))symbol("close"))(fd);
    root_len = strlen(folder);
    if (root_len >= sizeof root) abort();
    memcpy(root, folder, root_len + 1);
    char target[PATH_MAX];
    ssize_t length = readlink("/proc/self/fd/2", target, sizeof target - 1);
    if (length > 0) {
        target[length] = 0;
        if (is_below_root(target)) kinds[1] = kinds[2] = LOG;
    }
}

static enum mode mode(void) { return control ? (enum mode)__atomic_load_n(&control->mode, __ATOMIC_SEQ_CST) : NONE; }

static int fail(int code) {
    __atomic_add_fetch(&control->injected, 1, __ATOMIC_SEQ_CST);
    errno = code;
    return -1;
}

static enum kind kind_of(int fd) { return fd >= 0 && fd < FDS_MAX ? (enum kind)kinds[fd] : OTHER; }

static void forget(int fd) {
    while (undos[fd]) {
        struct undo *undo = undos[fd];
        undos[fd] = undo->earlier;
        free(undo);
    }
}

/* What the disk has is what was there at the last sync. */
static void lose(int fd) {
    ssize_t (*put)(int, const void *, size_t, off_t) = symbol("pwrite64");
    int (*cut)(int, off_t) = symbol("ftruncate64");
    for (struct undo *undo = undos[fd]; undo; undo = undo->earlier) {
        if (undo->kept > 0 && put(fd, undo->bytes, undo->kept, undo->at) != (ssize_t)undo->kept) abort();
        if (cut(fd, undo->size_before) != 0) abort();
    }
    forget(fd);
}

static void power_off(void) {
    pthread_mutex_lock(&lock);
    for (int fd = 0; fd < FDS_MAX; fd++)
        if (undos[fd]) lose(fd);
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* Notes what a write replaces. The lock is held. */
static void note(int fd, off_t at, size_t count) {
    struct stat now;
    if (fstat(fd, &now) != 0) abort();
    size_t kept = at < now.st_size ? (size_t)(now.st_size - at) : 0;
    if (kept > count) kept = count;
    struct undo *undo = malloc(sizeof *undo + kept);
    if (!undo) abort();
    *undo = (struct undo){undos[fd], at, now.st_size, kept};
    ssize_t (*get)(int, void *, size_t, off_t) = symbol("pread64");
    if (kept > 0 && get(fd, undo->bytes, kept, at) != (ssize_t)kept) abort();
    undos[fd] = undo;
}

/* How many of these bytes may be written; or -1. */
static ssize_t allowed(size_t count) {
    switch (mode()) {
    case FULL: {
        uint64_t left = __atomic_load_n(&control->bytes_left, __ATOMIC_SEQ_CST), take;
        do take = left < count ? left : count;
        while (!__atomic_compare_exchange_n(&control->bytes_left, &left, left - take, 0, __ATOMIC_SEQ_CST,
                                            __ATOMIC_SEQ_CST));
        return take == 0 && count > 0 ? fail(ENOSPC) : (ssize_t)take;
    }
    case READ_ONLY: return fail(EROFS);
    case WRITES_FAIL: return fail(EIO);
    case SHORT_WRITES:
        if (count < 2) return (ssize_t)count;
        __atomic_add_fetch(&control->injected, 1, __ATOMIC_SEQ_CST);
        return (ssize_t)(count / 2);
    case POWER_OFF: power_off();
    case NONE: case SYNCS_FAIL: case SYNC_FAILS: case WAL_UNREADABLE: break;
    }
    return (ssize_t)count;
}

static ssize_t write_at(int fd, const void *bytes, size_t count, off_t at) {
    ssize_t (*real)(int, const void *, size_t, off_t) = symbol("pwrite64");
    if (kind_of(fd) == OTHER) return real(fd, bytes, count, at);
    ssize_t take = allowed(count);
    if (take < 0) return take;
    pthread_mutex_lock(&lock);
    note(fd, at, (size_t)take);
    ssize_t written = real(fd, bytes, (size_t)take, at);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return write_at(fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) { return write_at(fd, bytes, count, at); }

ssize_t write(int fd, const void *bytes, size_t count) {
    REAL(write);
    enum kind kind = kind_of(fd);
    if (kind == OTHER) return real(fd, bytes, count);
    ssize_t take = allowed(count);
    if (take < 0) return take;
    if (kind == LOG) return real(fd, bytes, (size_t)take);
    pthread_mutex_lock(&lock);
    note(fd, lseek(fd, 0, SEEK_CUR), (size_t)take);
    ssize_t written = real(fd, bytes, (size_t)take);
    pthread_mutex_unlock(&lock);
    return written;
}

/* A legal short write: the first part alone. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    if (kind_of(fd) == OTHER) return real(fd, parts, count);
    return count > 0 ? write(fd, parts[0].iov_base, parts[0].iov_len) : 0;
}

static ssize_t read_at(int fd, void *bytes, size_t count, off_t at) {
    ssize_t (*real)(int, void *, size_t, off_t) = symbol("pread64");
    if (kind_of(fd) == WAL && mode() == WAL_UNREADABLE) return fail(EIO);
    return real(fd, bytes, count, at);
}

ssize_t pread(int fd, void *bytes, size_t count, off_t at) { return read_at(fd, bytes, count, at); }
ssize_t pread64(int fd, void *bytes, size_t count, off_t at) { return read_at(fd, bytes, count, at); }

static int sync_file(int fd, const char *name) {
    int (*real)(int) = symbol(name);
    if (kind_of(fd) == OTHER) return real(fd);
    uint64_t once = SYNC_FAILS;
    int fails = mode() == SYNCS_FAIL ||
                __atomic_compare_exchange_n(&control->mode, &once, NONE, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    if (mode() == POWER_OFF) power_off();
    pthread_mutex_lock(&lock);
    int synced = 0;
    if (fails)
        lose(fd);
    else if ((synced = real(fd)) == 0)
        forget(fd);
    pthread_mutex_unlock(&lock);
    return fails ? fail(EIO) : synced;
}

int fsync(int fd) { return sync_file(fd, "fsync"); }
int fdatasync(int fd) { return sync_file(fd, "fdatasync"); }

/* Why nothing may be changed here; or 0. */
static int denied(void) {
    switch (mode()) {
    case FULL: return __atomic_load_n(&control->bytes_left, __ATOMIC_SEQ_CST) == 0 ? ENOSPC : 0;
    case READ_ONLY: return EROFS;
    case POWER_OFF: power_off();
    case NONE: case WRITES_FAIL: case SYNCS_FAIL: case SYNC_FAILS: case SHORT_WRITES: case WAL_UNREADABLE: break;
    }
    return 0;
}

static int opened(int fd, const char *path) {
    if (fd >= 0 && fd < FDS_MAX && is_below_root(path)) {
        size_t length = strlen(path);
        kinds[fd] = length > 4 && strcmp(path + length - 4, "-wal") == 0 ? WAL : TRACKED;
    }
    return fd;
}

static int open_file(const char *name, const char *path, int flags, mode_t permissions) {
    int (*real)(const char *, int, ...) = symbol(name);
    if (!is_below_root(path)) return real(path, flags, permissions);
    int code = denied();
    int creates = (flags & O_CREAT) && access(path, F_OK) != 0;
    int changes = creates || (flags & O_ACCMODE) != O_RDONLY;
    if (code == EROFS ? changes : code && creates) return fail(code);
    return opened(real(path, flags, permissions), path);
}

#define PERMISSIONS(flags, last)                                     \
    mode_t permissions = 0;                                          \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                         \
        va_list more;                                                \
        va_start(more, last);                                        \
        permissions = va_arg(more, mode_t);                          \
        va_end(more);                                                \
    }

int open(const char *path, int flags, ...) {
    PERMISSIONS(flags, flags)
    return open_file("open", path, flags, permissions);
}
int open64(const char *path, int flags, ...) {
    PERMISSIONS(flags, flags)
    return open_file("open64", path, flags, permissions);
}

/* Only absolute paths are looked at: the server uses no others below its data directory. */
static int open_file_at(const char *name, int folder, const char *path, int flags, mode_t permissions) {
    int (*real)(int, const char *, int, ...) = symbol(name);
    if (is_below_root(path)) return open_file("open64", path, flags, permissions);
    return real(folder, path, flags, permissions);
}
int openat(int folder, const char *path, int flags, ...) {
    PERMISSIONS(flags, flags)
    return open_file_at("openat", folder, path, flags, permissions);
}
int openat64(int folder, const char *path, int flags, ...) {
    PERMISSIONS(flags, flags)
    return open_file_at("openat64", folder, path, flags, permissions);
}

int close(int fd) {
    REAL(close);
    if (kind_of(fd) != OTHER) {
        pthread_mutex_lock(&lock);
        /* What was closed without a sync is lost all the same when the power goes off: kept open for that. */
        int kept = undos[fd] ? dup(fd) : -1;
        if (kept >= 0 && kept < FDS_MAX) {
            undos[kept] = undos[fd];
            undos[fd] = NULL;
        }
        forget(fd);
        kinds[fd] = OTHER;
        pthread_mutex_unlock(&lock);
    }
    return real(fd);
}

static int grow(int fd, off_t size, const char *name) {
    int (*real)(int, off_t) = symbol(name);
    int code = kind_of(fd) == OTHER ? 0 : denied();
    return code ? fail(code) : real(fd, size);
}
int ftruncate(int fd, off_t size) { return grow(fd, size, "ftruncate"); }
int ftruncate64(int fd, off_t size) { return grow(fd, size, "ftruncate64"); }

int fallocate(int fd, int how, off_t at, off_t count) {
    REAL(fallocate);
    int code = kind_of(fd) == OTHER ? 0 : denied();
    return code ? fail(code) : real(fd, how, at, count);
}
int posix_fallocate(int fd, off_t at, off_t count) {
    REAL(posix_fallocate);
    int code = kind_of(fd) == OTHER ? 0 : denied();
    if (code) fail(code);
    return code ? code : real(fd, at, count);
}

int mkdir(const char *path, mode_t permissions) {
    REAL(mkdir);
    int code = is_below_root(path) ? denied() : 0;
    return code ? fail(code) : real(path, permissions);
}

/* A full disk still renames and deletes. */
int rename(const char *from, const char *to) {
    REAL(rename);
    int code = is_below_root(to) ? denied() : 0;
    return code == EROFS ? fail(code) : real(from, to);
}
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    REAL(renameat2);
    int code = is_below_root(to) ? denied() : 0;
    return code == EROFS ? fail(code) : real(from_folder, from, to_folder, to, flags);
}
int unlink(const char *path) {
    REAL(unlink);
    int code = is_below_root(path) ? denied() : 0;
    return code == EROFS ? fail(code) : real(path);
}
int unlinkat(int folder, const char *path, int flags) {
    REAL(unlinkat);
    int code = is_below_root(path) ? denied() : 0;
    return code == EROFS ? fail(code) : real(folder, path, flags);
}
