#include "nation/opener.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"

/* Every message is one int: the number of a path, and an errno in answer. */
union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static struct {
	const char *const *paths;
	size_t n;
	int socket; /* 0: there is no opener */
} opener;

/* A message with room for an open file. */
static struct msghdr
message_of(struct iovec *iov, int *value, union control *control)
{
	memset(control, 0, sizeof(*control));
	*iov = (struct iovec){value, sizeof(*value)};

	return (struct msghdr){.msg_iov = iov,
	    .msg_iovlen = 1,
	    .msg_control = control->bytes,
	    .msg_controllen = sizeof(control->bytes)};
}

/* --- The child ------------------------------------------------------------ */

static void
answer(int to, int fd, int error)
{
	union control control;
	struct iovec iov;
	struct msghdr m = message_of(&iov, &error, &control);
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	if (fd >= 0) {
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	} else
		m.msg_controllen = 0;
	if (sendmsg(to, &m, MSG_NOSIGNAL) < 0)
		_exit(1);
}

/* Until the system's end of the socket is closed. */
static void
serve(int socket)
{
	int which, fd;

	dup2(socket, STDIN_FILENO);
	close_range(STDERR_FILENO + 1, ~0u, 0);
	prctl(PR_SET_NAME, "bango-opener");
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	while (read(STDIN_FILENO, &which, sizeof(which)) == sizeof(which)) {
		if (which < 0 || (size_t)which >= opener.n)
			_exit(1);
		fd = open(opener.paths[which], O_RDONLY | O_CLOEXEC);
		answer(STDIN_FILENO, fd, fd < 0 ? errno : 0);
		if (fd >= 0)
			close(fd);
	}
	_exit(0);
}

/* --- The system ----------------------------------------------------------- */

static int
failed(int error)
{
	errno = error;

	return -1;
}

/* An open file, or -1 with errno. */
static int
ask(int which)
{
	union control control;
	struct iovec iov;
	int error = 0, fd = -1;
	struct msghdr m = message_of(&iov, &error, &control);
	struct cmsghdr *c;

	if (write(opener.socket, &which, sizeof(which)) != sizeof(which) ||
	    recvmsg(opener.socket, &m, MSG_CMSG_CLOEXEC) != sizeof(error))
		return failed(EPIPE);
	c = CMSG_FIRSTHDR(&m);
	if (c != NULL && c->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));

	return fd >= 0 ? fd : failed(error != 0 ? error : EPIPE);
}

static int
open_one(const char *path)
{
	size_t i;

	for (i = 0; i < opener.n; i++) {
		if (strcmp(path, opener.paths[i]) == 0)
			return ask((int)i);
	}

	return open(path, O_RDONLY | O_CLOEXEC);
}

enum err
opener_start(const char *const *paths, size_t n, struct problem *problem)
{
	int ends[2];
	pid_t child;

	assert(opener.socket == 0 && n <= OPENER_PATHS_MAX);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return problem_set(problem, ERR_IO,
		    "cannot make a pair of sockets: %s", strerror(errno));
	opener.paths = paths;
	opener.n = n;
	opener.socket = ends[0];
	child = fork();
	if (child == 0)
		serve(ends[1]);
	close(ends[1]);
	if (child < 0) {
		opener_stop();
		return problem_set(
		    problem, ERR_IO, "cannot fork: %s", strerror(errno));
	}
	file_read_by(open_one);

	return OK;
}

void
opener_stop(void)
{
	if (opener.socket == 0)
		return;
	file_read_by(NULL);
	close(opener.socket);
	memset(&opener, 0, sizeof(opener));
}
