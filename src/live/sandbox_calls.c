/*
 * The filter of system calls.
 *
 * The list was measured: strace over nations on SQLite and PostgreSQL that
 * number, exchange, read their lists again and end, and the tests with a filter
 * that logs what it refuses.  To it come the forms that the C library of another
 * version or processor takes instead.  A call that is missing shows in the
 * kernel's log as type=1326 with its number.
 */
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "live/sandbox.h"

#define CALL(name) SCMP_SYS(name)
#define N(list) (sizeof(list) / sizeof((list)[0]))

static const int allowed[] = {
    /* Files. */
    CALL(access),
    CALL(close),
    CALL(dup),
    CALL(faccessat),
    CALL(faccessat2),
    CALL(fadvise64),
    CALL(fallocate),
    CALL(fchmod),
    CALL(fcntl),
    CALL(fdatasync),
    CALL(flock),
    CALL(fstat),
    CALL(fstatfs),
    CALL(fsync),
    CALL(ftruncate),
    CALL(getcwd),
    CALL(getdents64),
    CALL(lseek),
    CALL(lstat),
    CALL(newfstatat),
    CALL(open),
    CALL(openat),
    CALL(pread64),
    CALL(preadv),
    CALL(pwrite64),
    CALL(pwritev),
    CALL(read),
    CALL(readlink),
    CALL(readlinkat),
    CALL(readv),
    CALL(rename),
    CALL(renameat),
    CALL(renameat2),
    CALL(stat),
    CALL(statx),
    CALL(unlink),
    CALL(unlinkat),
    CALL(write),
    CALL(writev),
    /* Sockets, and waiting for them; bind(2) is Landlock's. */
    CALL(accept),
    CALL(accept4),
    CALL(bind),
    CALL(connect),
    CALL(epoll_create1),
    CALL(epoll_ctl),
    CALL(epoll_pwait),
    CALL(epoll_wait),
    CALL(eventfd2),
    CALL(getpeername),
    CALL(getsockname),
    CALL(getsockopt),
    CALL(pipe2),
    CALL(poll),
    CALL(ppoll),
    CALL(pselect6),
    CALL(recvfrom),
    CALL(recvmmsg),
    CALL(recvmsg),
    CALL(select),
    CALL(sendmmsg),
    CALL(sendmsg),
    CALL(sendto),
    CALL(setsockopt),
    CALL(shutdown),
    CALL(socketpair),
    /* Memory. */
    CALL(brk),
    CALL(madvise),
    CALL(mlock),
    CALL(mmap),
    CALL(mprotect),
    CALL(mremap),
    CALL(munlock),
    CALL(munmap),
    /* Threads (a resolver of names has one), signals, the end. */
    CALL(exit),
    CALL(exit_group),
    CALL(futex),
    CALL(gettid),
    CALL(membarrier),
    CALL(restart_syscall),
    CALL(rseq),
    CALL(rt_sigaction),
    CALL(rt_sigprocmask),
    CALL(rt_sigreturn),
    CALL(sched_getaffinity),
    CALL(sched_yield),
    CALL(set_robust_list),
    CALL(sigaltstack),
    CALL(tgkill),
    /* Time, chance, and who we are. */
    CALL(clock_getres),
    CALL(clock_gettime),
    CALL(clock_nanosleep),
    CALL(getegid),
    CALL(geteuid),
    CALL(getgid),
    CALL(getpid),
    CALL(getppid),
    CALL(getrandom),
    CALL(getrusage),
    CALL(gettimeofday),
    CALL(getuid),
    CALL(nanosleep),
    CALL(prlimit64),
    CALL(sysinfo),
    CALL(time),
    CALL(uname),
#ifdef BANGO_SANITIZE /* the search for leaks at the end stops its own process */
    CALL(clone),
    CALL(getdents),
    CALL(kill),
    CALL(prctl),
    CALL(ptrace),
    CALL(wait4),
#endif
};

#ifndef BANGO_SANITIZE
/* No line of ours does this: somebody else's code runs here. */
static const int fatal[] = {CALL(execve), CALL(execveat),
    CALL(process_vm_readv), CALL(process_vm_writev), CALL(ptrace)};
#endif

static const unsigned int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
static const unsigned long devices[] = {FIONREAD, FIONBIO, TCGETS};

/* 0 or a negative errno, as libseccomp has it.  A call that the processor does
 * not have is allowed in vain. */
static int
add_lists(scmp_filter_ctx filter)
{
	int rc = 0;
	size_t i;

	for (i = 0; rc == 0 && i < N(allowed); i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
#ifndef BANGO_SANITIZE
	for (i = 0; rc == 0 && i < N(fatal); i++)
		rc = seccomp_rule_add(
		    filter, SCMP_ACT_KILL_PROCESS, fatal[i], 0);
#endif

	return rc;
}

/* Calls with certain arguments.  clone3() hides its flags from a filter; the C
 * library takes clone() if the kernel seems not to have it. */
static int
add_arguments(scmp_filter_ctx filter)
{
	int rc = 0;
	size_t i;

	for (i = 0; rc == 0 && i < N(families); i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(socket), 1,
		    SCMP_A0(SCMP_CMP_EQ, families[i]));
	for (i = 0; rc == 0 && i < N(devices); i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(ioctl), 1,
		    SCMP_A1(SCMP_CMP_EQ, devices[i]));
#ifndef BANGO_SANITIZE
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(clone), 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
#endif
	if (rc == 0)
		rc = seccomp_rule_add(
		    filter, SCMP_ACT_ERRNO(ENOSYS), CALL(clone3), 0);

	return rc;
}

enum err
sandbox_filter(struct problem *problem)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc;

	if (filter == NULL)
		return problem_set(problem, ERR_NOT_FOUND,
		    "libseccomp does not know this processor, so that system "
		    "calls are not filtered");
	rc = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (rc == 0)
		rc = add_lists(filter);
	if (rc == 0)
		rc = add_arguments(filter);
	/* A kernel without the log filters all the same. */
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	if (rc)
		return problem_set(problem, ERR_NOT_FOUND,
		    "the kernel takes no filter of system calls (seccomp): %s",
		    strerror(-rc));

	return OK;
}
