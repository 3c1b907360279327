/*
 * Signals: SIGTERM and SIGINT end a live host; at SIGHUP it reads its lists of
 * revocations, its directory and its keys again.
 */
#include <event2/event.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/file.h"
#include "live/courier.h"
#include "live/live_internal.h"
#include "live/revoked.h"

#define CRL_MAX (4u << 20)

static enum err
read_crl(struct live *live, struct problem *problem)
{
	struct buf crl;
	enum err rc;

	buf_init(&crl);
	rc = file_read(live->options->crl_path, CRL_MAX, &crl, problem);
	if (rc == OK)
		rc = tls_set_crl(live->options->tls, buf_slice(&crl), problem);
	buf_done(&crl);

	return rc;
}

/* A directory that cannot be read stays as it was; note since when. */
static enum err
read_directory(struct live *live, struct problem *problem)
{
	const struct clock *clock = &live->options->clock;
	enum err rc;

	rc = live->options->reload(live->options->state, problem);
	if (rc == OK)
		live->directory_late.ms = 0;
	else if (live->directory_late.ms == 0)
		live->directory_late = clock->now(clock->state);

	return rc;
}

static void
note_reading(const struct live *live, const char *what, enum err rc,
    const struct problem *problem)
{
	if (rc)
		live_log(live,
		    "%s cannot be read again; the last one stays in force: %s",
		    what, problem->text);
	else
		live_log(live, "%s was read again", what);
}

/* Revocations, the directory and the keys may have changed. */
static void
read_again(struct live *live)
{
	struct problem problem = {0};

	if (live->options->crl_path != NULL)
		note_reading(live, "the revocation list",
		    read_crl(live, &problem), &problem);
	problem_clear(&problem);
	if (live->options->revoked_path != NULL)
		note_reading(live, "the list of revoked keys",
		    revoked_read(live, &problem), &problem);
	problem_clear(&problem);
	if (live->options->reload != NULL)
		note_reading(live, "the directory",
		    read_directory(live, &problem), &problem);
	live_use_keys(live, LIVE_KEYS_ANEW);
	if (!courier_knows_all(live->courier))
		live_log(live,
		    "messages to new systems of the directory go out after a "
		    "restart only");
}

static void
on_drained(evutil_socket_t fd, short what, void *state)
{
	struct live *live = state;

	(void)fd;
	(void)what;
	event_base_loopbreak(live->base);
}

/* Stop taking work; give the work under way a moment to end. */
static void
terminate(struct live *live)
{
	struct timeval soon = {.tv_usec = 100 * 1000};
	size_t i;

	for (i = 0; i < HTTP_DOOR_COUNT && live->servers[i] != NULL; i++)
		http_server_drain(live->servers[i]);
	event_base_once(live->base, -1, EV_TIMEOUT, on_drained, live, &soon);
}

static void
on_signal(evutil_socket_t fd, short what, void *state)
{
	struct signalfd_siginfo info;

	(void)what;
	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP)
		read_again(state);
	else
		terminate(state);
}

/* Read signals from the kernel: libevent's own method loses a signal if its
 * pipe fails. */
enum err
live_catch_signals(struct live *live)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	live->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (live->signal_fd < 0)
		return ERR_INTERNAL;
	live->signal_event = event_new(
	    live->base, live->signal_fd, EV_READ | EV_PERSIST, on_signal, live);
	event_add(live->signal_event, NULL);
	signal(SIGPIPE, SIG_IGN);

	return OK;
}
