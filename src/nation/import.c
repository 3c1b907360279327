#include "nation/import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/text.h"
#include "nation/refusal.h"

#define CHUNK_BYTES (1u << 20)
#define WINDOW_BYTES (CHUNK_BYTES + CSV_RECORD_MAX)
#define PATIENCE_MS 120000
#define FIRST_PATIENCE_MS 5000 /* before any answer */
#define RETRY_FIRST_MS 100
#define RETRY_MAX_MS 3000

struct run {
	struct nation *nation;
	const char *system_id;
	const char *path;
	const struct import_options *options;
	struct problem *problem;
	int fd;
	struct stat stat;
	char digest[65];
	char id[33];
	int64_t offset, resumed, residents;
	int64_t began;   /* monotonic */
	bool is_reached; /* by at least one call */
	char *window;    /* WINDOW_BYTES */
};

/* ---- The file ---------------------------------------------------------- */

static enum err
file_error(struct run *run)
{
	int error = errno;

	return problem_set(run->problem, err_of_errno(error), "%s: %s",
	    run->path, strerror(error));
}

/* Read up to `len` bytes from `offset`; fewer only at the end of the file. */
static enum err
read_at(struct run *run, int64_t offset, size_t len, size_t *ret_len)
{
	size_t have = 0;
	ssize_t n;

	while (have < len) {
		n = pread(run->fd, run->window + have, len - have,
		    (off_t)(offset + (int64_t)have));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return file_error(run);
		if (n == 0)
			break;
		have += (size_t)n;
	}
	*ret_len = have;

	return OK;
}

static enum err
digest_file(struct run *run)
{
	struct hasher *hasher = hasher_new();
	struct digest digest;
	int64_t offset = 0;
	struct buf hex;
	size_t n = 1;
	enum err rc = OK;

	while (rc == OK && n > 0) {
		rc = read_at(run, offset, WINDOW_BYTES, &n);
		if (rc == OK)
			hasher_add(hasher, slice_bytes(run->window, n));
		offset += (int64_t)n;
	}
	digest = hasher_finish(hasher);
	buf_init(&hex);
	hex_encode(digest_slice(&digest), &hex);
	memcpy(run->digest, hex.data, sizeof(run->digest));
	buf_done(&hex);

	return rc;
}

static enum err
open_file(struct run *run)
{
	run->fd = open(run->path, O_RDONLY | O_CLOEXEC);
	if (run->fd < 0 || fstat(run->fd, &run->stat) != 0)
		return file_error(run);
	if (!S_ISREG(run->stat.st_mode))
		return problem_set(run->problem, ERR_INPUT,
		    "%s: is not a regular file; an import reads its file twice",
		    run->path);
	if (run->stat.st_size == 0)
		return problem_set(
		    run->problem, ERR_INPUT, "%s: is empty", run->path);

	return digest_file(run);
}

/* The bytes that were read are of the file of which the digest is: the registry
 * knows the import by it, and looks at the digest alone when it goes on. */
static enum err
check_unchanged(struct run *run)
{
	struct stat now;

	if (fstat(run->fd, &now) != 0)
		return file_error(run);
	if (now.st_size != run->stat.st_size ||
	    now.st_mtim.tv_sec != run->stat.st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != run->stat.st_mtim.tv_nsec)
		return problem_set(run->problem, ERR_CONFLICT,
		    "%s: was changed while it was read; import it again",
		    run->path);

	return OK;
}

/* ---- Calls ------------------------------------------------------------- */

static void
pause_ms(int64_t ms)
{
	struct timespec t = {
	    .tv_sec = (time_t)(ms / 1000), .tv_nsec = ms % 1000 * 1000000};

	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

static bool
is_passing(enum err rc, int status)
{
	return rc == ERR_UNREACHABLE || rc == ERR_BUSY ||
	    (rc == OK && (status == 503 || status == 429 || status == 502));
}

/* Tell that a call was not answered, for which reason, and is repeated. */
static void
tell_waiting(struct run *run, enum err rc, int64_t end)
{
	char busy[128];

	if (run->options->waiting == NULL)
		return;
	snprintf(busy, sizeof(busy), "%s is busy", run->system_id);
	run->options->waiting(run->options->state,
	    rc == OK ? busy : run->problem->text, end - monotonic_ms());
}

static int64_t
patience_of(const struct run *run)
{
	if (run->options->patience_ms > 0)
		return run->options->patience_ms;

	return run->is_reached ? PATIENCE_MS : FIRST_PATIENCE_MS;
}

/* Repeat a call until it is answered or patience runs out.  *ret is a new
 * reference. */
static enum err
call(struct run *run, enum http_method method, const char *path,
    struct slice body, const char *content_type, json_t **ret)
{
	int64_t pause = RETRY_FIRST_MS;
	int64_t end = monotonic_ms() + patience_of(run);
	bool was_told = false;
	struct buf answer;
	int status = 0;
	enum err rc;

	buf_init(&answer);
	for (;;) {
		buf_clear(&answer);
		rc = nation_call_raw(run->nation, run->system_id, method, path,
		    content_type, body, &status, &answer, run->problem);
		run->is_reached = run->is_reached || rc == OK;
		if (!is_passing(rc, status) || monotonic_ms() + pause > end)
			break;
		if (!was_told)
			tell_waiting(run, rc, end);
		was_told = true;
		pause_ms(pause);
		pause = pause * 2 < RETRY_MAX_MS ? pause * 2 : RETRY_MAX_MS;
	}
	if (rc == OK && status == 503)
		rc = problem_set(run->problem, ERR_UNREACHABLE,
		    "%s is busy; run the import again later, it goes on "
		    "where it stopped",
		    run->system_id);
	else if (rc == OK && status >= 300)
		rc = nation_refusal(
		    run->system_id, status, buf_slice(&answer), run->problem);
	if (rc == OK)
		rc = json_read(buf_slice(&answer), "answer", ret, run->problem);
	buf_done(&answer);

	return rc;
}

static enum err
call_json(struct run *run, enum http_method method, const char *path,
    json_t *body, json_t **ret)
{
	struct buf text;
	enum err rc;

	buf_init(&text);
	if (body != NULL)
		json_write(body, &text);
	rc = call(run, method, path, buf_slice(&text), "application/json", ret);
	buf_done(&text);
	json_decref(body);

	return rc;
}

/* ---- Steps ------------------------------------------------------------- */

/* Read the members that every answer about an import has. */
static enum err
take_state(struct run *run, const json_t *answer, struct import_totals *totals,
    struct slice *ret_state)
{
	enum err rc;

	if ((rc = json_get_int(answer, "offset", 0, run->stat.st_size,
		 &run->offset, run->problem)) ||
	    (rc = json_get_int(answer, "loaded", 0, INT64_MAX, &totals->loaded,
		 run->problem)) ||
	    (rc = json_get_int(answer, "unchanged", 0, INT64_MAX,
		 &totals->unchanged, run->problem)) ||
	    (rc = json_get_int(answer, "rejected", 0, INT64_MAX,
		 &totals->rejected, run->problem)))
		return rc;
	run->residents = totals->loaded + totals->unchanged + totals->rejected;
	totals->ms = monotonic_ms() - run->began;

	return json_get_text(answer, "state", ret_state, run->problem);
}

static enum err
take_id(struct run *run, const json_t *answer)
{
	struct slice id;
	enum err rc = json_get_text(answer, "import", &id, run->problem);

	if (rc)
		return rc;
	if (id.len != sizeof(run->id) - 1)
		return problem_set(run->problem, ERR_INTERNAL,
		    "%s answers without the id of an import", run->system_id);
	memcpy(run->id, id.data, id.len);
	run->id[id.len] = '\0';

	return OK;
}

/* The file's name in a form that can be shown: it may come from a ZIP archive
 * of another encoding. */
static void
put_name(json_t *body, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = heap_string(slice_of(slash != NULL ? slash + 1 : path));

	json_put_text(body, "name",
	    slice_bytes(name, text_make_printable(name, strlen(name))));
	free(name);
}

static enum err
start(struct run *run, struct import_totals *totals)
{
	json_t *body = json_object(), *answer = NULL;
	struct slice state;
	enum err rc;

	put_name(body, run->path);
	json_put_int(body, "size", run->stat.st_size);
	json_put_text(body, "digest", slice_of(run->digest));
	json_put_bool(body, "strict", run->options->strict);
	if (run->options->encoding != NULL)
		json_put_text(
		    body, "encoding", slice_of(run->options->encoding));
	rc = call_json(run, HTTP_POST, "/imports", body, &answer);
	if (rc)
		return rc;
	rc = take_id(run, answer);
	if (rc == OK)
		rc = take_state(run, answer, totals, &state);
	if (rc == OK)
		totals->was_there = slice_equal_string(state, "finished");
	run->resumed = run->offset;
	json_decref(answer);

	return rc;
}

static void
tell_progress(struct run *run)
{
	const struct import_progress progress = {.bytes = run->offset,
	    .size = run->stat.st_size,
	    .residents = run->residents,
	    .resumed = run->resumed,
	    .ms = monotonic_ms() - run->began};

	if (run->options->progress != NULL)
		run->options->progress(run->options->state, &progress);
}

/* The next whole lines; up to the end of the file if that is near. */
static enum err
next_chunk(struct run *run, struct slice *ret)
{
	size_t n, cut;
	enum err rc = read_at(run, run->offset, WINDOW_BYTES, &n);

	if (rc)
		return rc;
	if (run->offset + (int64_t)n >= run->stat.st_size && n <= CHUNK_BYTES) {
		*ret = slice_bytes(run->window, n);
		return OK;
	}
	cut = csv_cut(slice_bytes(run->window, n), CHUNK_BYTES);
	if (cut == 0)
		return problem_set(run->problem, ERR_INPUT,
		    "%s: no line ends within %u bytes; expected CSV with one "
		    "line for each resident",
		    run->path, CHUNK_BYTES);
	*ret = slice_bytes(run->window, cut);

	return OK;
}

static enum err
send_chunk(struct run *run, struct import_totals *totals)
{
	int64_t before = run->offset;
	json_t *answer = NULL;
	struct slice chunk, state;
	char path[96];
	enum err rc;

	rc = next_chunk(run, &chunk);
	if (rc == OK)
		rc = check_unchanged(run);
	if (rc)
		return rc;
	snprintf(path, sizeof(path), "/imports/%s/chunks?offset=%lld", run->id,
	    (long long)run->offset);
	rc = call(run, HTTP_POST, path, chunk, "text/csv", &answer);
	if (rc)
		return rc;
	rc = take_state(run, answer, totals, &state);
	json_decref(answer);
	if (rc == OK && run->offset <= before)
		rc = problem_set(run->problem, ERR_INTERNAL,
		    "%s answers a chunk without taking it", run->system_id);

	return rc;
}

static enum err
finish(struct run *run, struct import_totals *totals)
{
	json_t *answer = NULL;
	struct slice state;
	char path[96];
	enum err rc;

	snprintf(path, sizeof(path), "/imports/%s/finish", run->id);
	rc = call_json(run, HTTP_POST, path, NULL, &answer);
	if (rc)
		return rc;
	rc = take_state(run, answer, totals, &state);
	if (rc == OK)
		totals->refused = slice_equal_string(state, "refused");
	json_decref(answer);

	return rc;
}

/* ---- Rejects ----------------------------------------------------------- */

static enum err
add_rejects(struct run *run, const json_t *answer, struct buf *text,
    int64_t *after, size_t *ret_n)
{
	struct slice field, reason;
	const json_t *rows, *row;
	enum err rc;
	size_t i;

	rc = json_get_array(answer, "rejects", &rows, run->problem);
	if (rc)
		return rc;
	*ret_n = json_array_size(rows);
	for (i = 0; i < *ret_n; i++) {
		row = json_array_get(rows, i);
		if ((rc = json_get_int(row, "line", *after, INT64_MAX, after,
			 run->problem)) ||
		    (rc = json_get_text(row, "field", &field, run->problem)) ||
		    (rc = json_get_text(row, "reason", &reason, run->problem)))
			return rc;
		buf_printf(text, "%lld,%.*s,%.*s\n", (long long)*after,
		    SLICE_ARG(field), SLICE_ARG(reason));
	}

	return OK;
}

static enum err
write_rejects(struct run *run, int64_t rejected)
{
	int64_t after = 0;
	json_t *answer = NULL;
	struct buf text;
	size_t n = 1;
	char path[128];
	enum err rc = OK;

	if (rejected == 0) {
		file_remove(run->options->rejects);
		return OK;
	}
	buf_init(&text);
	buf_add_string(&text, "line,field,reason\n");
	while (rc == OK && n > 0) {
		snprintf(path, sizeof(path), "/imports/%s/rejects?after=%lld",
		    run->id, (long long)after);
		answer = NULL;
		rc = call_json(run, HTTP_GET, path, NULL, &answer);
		if (rc == OK)
			rc = add_rejects(run, answer, &text, &after, &n);
		json_decref(answer);
	}
	if (rc == OK)
		rc = file_replace(run->options->rejects, buf_slice(&text), 0644,
		    run->problem);
	buf_done(&text);

	return rc;
}

static enum err
send_file(struct run *run, struct import_totals *totals)
{
	enum err rc = OK;

	tell_progress(run);
	while (rc == OK && run->offset < run->stat.st_size) {
		rc = send_chunk(run, totals);
		if (rc == OK)
			tell_progress(run);
	}

	return rc == OK ? finish(run, totals) : rc;
}

enum err
import_file(struct nation *nation, const char *system_id, const char *path,
    const struct import_options *options, struct import_totals *ret,
    struct problem *problem)
{
	struct run run = {.nation = nation,
	    .system_id = system_id,
	    .path = path,
	    .options = options,
	    .problem = problem,
	    .fd = -1,
	    .began = monotonic_ms(),
	    .window = heap_alloc(WINDOW_BYTES)};
	struct import_totals totals = {0};
	enum err rc = OK;

	if (options->rejects != NULL)
		rc = file_check_output(options->rejects, path, problem);
	if (rc == OK)
		rc = open_file(&run);
	if (rc == OK)
		rc = start(&run, &totals);
	if (rc == OK && !totals.was_there)
		rc = send_file(&run, &totals);
	if (rc == OK && options->rejects != NULL)
		rc = write_rejects(&run, totals.rejected);
	if (run.fd >= 0)
		close(run.fd);
	free(run.window);
	if (rc == OK)
		*ret = totals;

	return rc;
}
