#include "bench/workshop.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

#define MEMORY "/dev/shm"
#define SECONDS_TO_END 15

/* The paths of the two places, made when they are needed, named after the
 * process that watches. */
static char on_disk[WORKSHOP_PATH_MAX], in_memory[WORKSHOP_PATH_MAX];
static volatile sig_atomic_t stopped;

/* --- Folders -------------------------------------------------------------- */

static void
name_places(void)
{
	const char *tmp = getenv("TMPDIR");

	if (tmp == NULL || strlen(tmp) > WORKSHOP_PATH_MAX / 2)
		tmp = "/tmp";
	snprintf(on_disk, sizeof(on_disk), "%s/bango-bench-%ld", tmp,
	    (long)getpid());
	snprintf(in_memory, sizeof(in_memory), MEMORY "/bango-bench-%ld",
	    (long)getpid());
}

static enum err
make(const char *place, char ret[WORKSHOP_PATH_MAX], struct problem *problem)
{
	static unsigned int n;

	if (mkdir(place, 0700) && errno != EEXIST)
		return problem_set(problem, err_of_errno(errno),
		    "no folder %s: %s", place, strerror(errno));
	if (snprintf(ret, WORKSHOP_PATH_MAX, "%s/%u", place, ++n) >=
		WORKSHOP_PATH_MAX ||
	    mkdir(ret, 0700))
		return problem_set(problem, err_of_errno(errno),
		    "no folder in %s: %s", place, strerror(errno));

	return OK;
}

enum err
workshop_folder(char ret[WORKSHOP_PATH_MAX], struct problem *problem)
{
	return make(on_disk, ret, problem);
}

enum err
workshop_memory(char ret[WORKSHOP_PATH_MAX], struct problem *problem)
{
	return make(in_memory, ret, problem);
}

void
workshop_remove(const char *folder)
{
	folder_remove(folder);
}

/* --- The process ----------------------------------------------------------- */

static void
on_stop(int number)
{
	(void)number;
	stopped = 1;
}

/* Only so that a wait for signals ends. */
static void
on_child(int number)
{
	(void)number;
}

/* The parent of a process; 0 if it is none any more. */
static long
parent_of(const char *pid)
{
	char path[64], text[512];
	const char *at;
	FILE *from;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	from = fopen(path, "re");
	if (from == NULL)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, from);
	fclose(from);
	text[n] = '\0';
	/* "pid (name) state parent": the name may hold anything. */
	at = strrchr(text, ')');

	return at == NULL || strlen(at) < 4 ? 0 : strtol(at + 4, NULL, 10);
}

/* A process that has lost its parent is ours now. */
static void
signal_children(int number)
{
	DIR *proc = opendir("/proc");
	const struct dirent *e;

	while (proc != NULL && (e = readdir(proc)) != NULL) {
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
		    parent_of(e->d_name) == getpid())
			kill((pid_t)strtol(e->d_name, NULL, 10), number);
	}
	if (proc != NULL)
		closedir(proc);
}

/* Children and their children end in order, or else are ended. */
static void
end_all(void)
{
	struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
	int64_t left = SECONDS_TO_END * 50;
	pid_t pid;

	signal_children(SIGTERM);
	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0 || errno == EINTR) {
		if (pid == 0)
			nanosleep(&pause, NULL);
		if (--left < 0)
			signal_children(SIGKILL);
	}
}

static void
watch(pid_t worker, int *ret_status)
{
	sigset_t news, before;

	sigemptyset(&news);
	sigaddset(&news, SIGINT);
	sigaddset(&news, SIGTERM);
	sigaddset(&news, SIGCHLD);
	sigprocmask(SIG_BLOCK, &news, &before);
	while (waitpid(worker, ret_status, WNOHANG) == 0) {
		if (stopped) {
			kill(worker, SIGKILL);
			waitpid(worker, ret_status, 0);
			break;
		}
		sigsuspend(&before);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void catch (int number, void (*handler)(int number))
{
	struct sigaction sa = {.sa_handler = handler};

	sigaction(number, &sa, NULL);
}

int
workshop_run(int (*work)(void *state), void *state)
{
	int status = 0;
	pid_t worker;

	name_places();
	fflush(NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	catch (SIGINT, on_stop);
	catch (SIGTERM, on_stop);
	catch (SIGCHLD, on_child);
	worker = fork();
	if (worker == 0) {
		catch (SIGINT, SIG_DFL);
		catch (SIGTERM, SIG_DFL);
		catch (SIGCHLD, SIG_DFL);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		status = work(state);
		fflush(NULL);
		_exit(status);
	}
	watch(worker, &status);
	end_all();
	workshop_remove(on_disk);
	workshop_remove(in_memory);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);

	return err_info(ERR_IO)->exit_code;
}
