#include "tests/support/dies.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

bool
dies(void (*function)(void), const char *word)
{
	char said[4096];
	size_t len = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	if (pipe(fds) || (pid = fork()) < 0)
		return false;
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		function();
		_exit(0);
	}
	close(fds[1]);
	while (len < sizeof(said) - 1 &&
	    (n = read(fds[0], said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	close(fds[0]);
	if (waitpid(pid, &status, 0) != pid ||
	    (WIFEXITED(status) && WEXITSTATUS(status) == 0))
		return false;

	return word == NULL || strstr(said, word) != NULL;
}
