/*
 * The sandbox: what a process that has started takes from itself, for ever.
 *
 * Landlock (landlock(7)): files are opened in its own folder, and read in the few
 * places that are named; no other file is opened, made, removed or run, no further
 * TCP port is listened at, no process outside the sandbox gets a signal.  Files,
 * sockets and pipes that are open stay so.  A place is an inode: a file of a
 * folder that is not named is lost to the process when it is replaced.
 *
 * A filter of system calls (seccomp(2)): those that a system at work makes are
 * allowed (sandbox_calls.c), any other returns EPERM.  Running a program, and
 * reading the memory of another process, ends the process with SIGSYS; in a
 * build with sanitizers, which trace their own process, they return EPERM.
 *
 * Neither hides what the process has in memory, nor what its peers tell it; it
 * may connect to any address.
 */
#ifndef BANGO_LIVE_SANDBOX_H
#define BANGO_LIVE_SANDBOX_H

#include "base/slice.h"

#define SANDBOX_READS_MAX 16

struct sandbox_options {
	const char *folder; /* read and written, with all that is in it */
	/* Files and folders that are read; those that are not there are left
	 * out. */
	const char *reads[SANDBOX_READS_MAX];
	size_t n_reads;
};

/*
 * Enter it: no_new_privs, Landlock, the filter, in that order, for this thread
 * and those that it makes.  If something is missing, the
 * rest is in force all the same: ERR_NOT_FOUND, with what the kernel lacks; ERR_IO if
 * the kernel has it and refuses.
 */
MUST_USE enum err
sandbox_enter(const struct sandbox_options *options, struct problem *problem);

/* The filter alone. */
MUST_USE enum err sandbox_filter(struct problem *problem);

#endif
