#include "bench/prepared.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "addressee_rows.h"
#include "base/file.h"
#include "bench/bench.h"
#include "crypto/random.h"
#include "host_rows.h"
#include "nation/inquire.h"
#include "nation/progress.h"
#include "nation/systems.h"
#include "network_rows.h"
#include "relay_rows.h"
#include "store/store.h"

#define ROWS_A_COMMIT 1000000
#define CACHE_KIB (1u << 20)
#define INQUIRER "131041"
#define PROVIDER "012041"
#define PATIENCE_MS (600 * 1000)
#define READ_BYTES (1u << 20)

static const struct instant put_at = {1767225600000}; /* 2026-01-01 */

/* --- One database ---------------------------------------------------------- */

enum err
filler_open(struct filler *f, const char *nation_dir, const char *system_id,
    struct problem *problem)
{
	struct clock clock = clock_system();
	struct store_options options = {
	    .now = clock.now(clock.state), .cache_kib = CACHE_KIB};
	struct system_id id;
	struct slice rest;
	struct buf path;
	enum err rc;

	*f = (struct filler){.problem = problem};
	buf_init(&path);
	rc = system_id_parse(slice_of(system_id), &id);
	if (rc == OK) {
		rest = slice_of(system_id);
		slice_cut(&rest, '/');
		nation_system_path(&path, nation_dir, &id, "data.sqlite");
		rc = system_open_store(
		    system_find(rest), path.data, &options, &f->store, problem);
	}
	if (rc == OK)
		rc = store_begin(f->store);
	buf_done(&path);

	return rc;
}

/* The database demands that somebody says for whom and why. */
static enum err
commit(struct filler *f)
{
	struct clock clock = clock_system();
	struct host_audit_put entry = {.at = clock.now(clock.state),
	    .actor = SLICE("bench"),
	    .action = SLICE("bench.prepare"),
	    .subject = SLICE(""),
	    .basis = SLICE(""),
	    .request = SLICE("")};
	enum err rc = host_audit_put(f->store, &entry);

	return rc ? rc : store_commit(f->store);
}

enum err
filler_next(struct filler *f, enum err rc)
{
	if (rc == OK && ++f->n % ROWS_A_COMMIT == 0) {
		rc = commit(f);
		if (rc == OK)
			rc = store_begin(f->store);
	}

	return rc;
}

enum err
filler_close(struct filler *f, enum err rc)
{
	if (f->store == NULL)
		return rc;
	if (rc == OK)
		rc = commit(f);
	if (rc && f->problem->text[0] == '\0')
		*f->problem = *store_problem(f->store);
	store_close(f->store);
	f->store = NULL;

	return rc;
}

/* --- The network ------------------------------------------------------------ */

enum err
prepared_linkage(
    const char *nation_dir, struct linkage **ret, struct problem *problem)
{
	struct keystore *keys = NULL;
	struct system_id id;
	enum err rc;

	rc = system_id_parse(SLICE("digital/network"), &id);
	if (rc == OK)
		rc = nation_keystore(
		    nation_dir, &id, NULL, NULL, &keys, problem);
	if (rc == OK)
		rc = linkage_new(keys, ret);
	keystore_free(keys);

	return rc;
}

enum err
prepared_organisation(struct filler *network, const char *id, uint32_t *ret)
{
	struct network_organisations_row row;
	struct query q;
	enum err rc;

	network_organisations_rows(network->store, &q);
	while ((rc = network_organisations_next(&q, &row)) == OK) {
		if (!slice_equal_string(row.id, id))
			continue;
		*ret = (uint32_t)row.number;
		break;
	}
	query_done(&q);

	return rc;
}

/* As random as is needed, and the same for the same number (splitmix64). */
static uint64_t
mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;

	return x ^ x >> 31;
}

struct id_code
prepared_id(int64_t i, int64_t n)
{
	return (struct id_code){
	    (uint64_t)(i + 1) * (uint64_t)(INT64_MAX / (n + 1))};
}

void
prepared_record_code(int64_t i, struct record_code *ret)
{
	uint64_t halves[2] = {mix((uint64_t)i), mix(~(uint64_t)i)};

	memcpy(ret->bytes, halves, sizeof(halves));
}

enum err
prepared_person(struct filler *network, int64_t i, int64_t n)
{
	struct resident_code code =
	    resident_code_from_body(UINT64_C(1000000000) + (uint64_t)i);
	struct record_code record_code;

	prepared_record_code(i, &record_code);

	return filler_next(network,
	    network_person_add(
		network->store, prepared_id(i, n), &code, &record_code));
}

enum err
prepared_holder(
    struct filler *network, struct id_code id, struct code_owner owner)
{
	return filler_next(network,
	    network_holder_add(
		network->store, id, owner.organisation, owner.epoch, put_at));
}

/* --- Filling ----------------------------------------------------------------- */

struct filling {
	const struct prepared *p;
	struct linkage *linkage;
	struct code_owner inquirer, provider;
	struct linkage_code *codes; /* of one of them, in order */
	struct progress bar;
	int64_t done;
	struct problem *problem;
};

static enum err
fill_network(struct filling *f, struct filler *network)
{
	int64_t i, n = f->p->residents;
	struct id_code id;
	enum err rc = OK;

	for (i = 0; rc == OK && i < n; i++) {
		id = prepared_id(i, n);
		rc = prepared_person(network, i, n);
		if (rc == OK)
			rc = prepared_holder(network, id, f->inquirer);
		if (rc == OK)
			rc = prepared_holder(network, id, f->provider);
		progress_show(&f->bar, ++f->done);
	}

	return rc;
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct linkage_code));
}

/* All codes of an organisation, ascending: rows in this order are written many
 * times faster than in another. */
static enum err
sort_codes(struct filling *f, struct code_owner owner)
{
	int64_t i, n = f->p->residents;
	enum err rc = OK;

	for (i = 0; rc == OK && i < n; i++)
		rc = linkage_make(
		    f->linkage, prepared_id(i, n), owner, &f->codes[i]);
	qsort(f->codes, (size_t)n, sizeof(*f->codes), compare);

	return rc;
}

static struct internal_number
internal_of(const struct filling *f, int64_t rank)
{
	return (struct internal_number){
	    (rank + 1) * (INTERNAL_NUMBER_MAX / (f->p->residents + 1))};
}

static enum err
put_linkage(struct filler *relay, struct internal_number internal,
    const struct linkage_code *code)
{
	return filler_next(
	    relay, relay_linkage_add(relay->store, internal, code, put_at));
}

static enum err
put_replica(struct filler *relay, struct internal_number internal)
{
	struct relay_replica_put replica = {.internal = internal,
	    .item = SLICE("local-tax"),
	    .version = SLICE("2026"),
	    .contents = SLICE("{\"income\":4120000,\"municipal_tax\":187400}"),
	    .put = put_at};

	return filler_next(relay, relay_replica_put(relay->store, &replica));
}

static enum err
fill_relay(struct filling *f, const char *system_id, struct code_owner owner)
{
	bool provides = owner.organisation == f->provider.organisation;
	struct filler relay;
	int64_t i;
	enum err rc;

	rc = filler_open(&relay, f->p->stage->dir, system_id, f->problem);
	if (rc == OK)
		rc = sort_codes(f, owner);
	for (i = 0; rc == OK && i < f->p->residents; i++) {
		rc = put_linkage(&relay, internal_of(f, i), &f->codes[i]);
		if (rc == OK && provides)
			rc = put_replica(&relay, internal_of(f, i));
		progress_show(&f->bar, ++f->done);
	}

	return filler_close(&relay, rc);
}

void
prepared_business_number(int64_t rank, char ret[PREPARED_NUMBER_MAX])
{
	snprintf(ret, PREPARED_NUMBER_MAX, "B%010lld", (long long)rank);
}

static enum err
put_addressee(struct filler *f, int64_t rank, struct internal_number internal)
{
	struct individual_number number =
	    individual_number_from_body((uint64_t)rank);
	struct addressee_person_add person = {.internal = internal,
	    .number = &number,
	    .name = SLICE("見本　太郎"),
	    .kana = SLICE("ミホン　タロウ"),
	    .birth = {1980, 1, 1},
	    .sex = 1,
	    .address = SLICE("東京都新宿区西新宿二丁目8番1号")};
	char bn[PREPARED_NUMBER_MAX];
	enum err rc;

	rc = filler_next(f, addressee_person_add(f->store, &person));
	if (rc)
		return rc;
	prepared_business_number(rank, bn);

	return filler_next(f,
	    addressee_business_number_add(
		f->store, slice_of(bn), SLICE("offices"), internal, put_at));
}

static enum err
fill_addressee(struct filling *f)
{
	struct filler addressee;
	int64_t i;
	enum err rc;

	rc = filler_open(
	    &addressee, f->p->stage->dir, INQUIRER "/addressee", f->problem);
	for (i = 0; rc == OK && i < f->p->residents; i++) {
		rc = put_addressee(&addressee, i, internal_of(f, i));
		progress_show(&f->bar, ++f->done);
	}

	return filler_close(&addressee, rc);
}

static enum err
fill_all(struct filling *f)
{
	struct filler network;
	enum err rc;

	rc = prepared_linkage(f->p->stage->dir, &f->linkage, f->problem);
	if (rc)
		return rc;
	f->inquirer.epoch = f->provider.epoch = linkage_epoch(f->linkage);
	rc = filler_open(
	    &network, f->p->stage->dir, "digital/network", f->problem);
	if (rc == OK)
		rc = prepared_organisation(
		    &network, INQUIRER, &f->inquirer.organisation);
	if (rc == OK)
		rc = prepared_organisation(
		    &network, PROVIDER, &f->provider.organisation);
	if (rc == OK)
		rc = fill_network(f, &network);
	rc = filler_close(&network, rc);
	if (rc == OK)
		rc = fill_relay(f, INQUIRER "/relay", f->inquirer);
	if (rc == OK)
		rc = fill_relay(f, PROVIDER "/relay", f->provider);
	if (rc == OK)
		rc = fill_addressee(f);

	return rc;
}

static enum err
fill(struct prepared *p, struct problem *problem)
{
	struct filling f = {.p = p,
	    .codes = heap_array((size_t)p->residents, sizeof(*f.codes)),
	    .problem = problem};
	enum err rc;

	progress_begin(&f.bar, "rows of residents", 4 * p->residents);
	rc = fill_all(&f);
	progress_end(&f.bar, f.done);
	linkage_free(f.linkage);
	free(f.codes);
	if (rc && problem->text[0] == '\0')
		rc = problem_set(problem, rc, "rows could not be prepared");

	return rc;
}

/* --- Opening ------------------------------------------------------------------ */

enum err
prepared_start(struct prepared *p, struct problem *problem)
{
	char dir[WORKSHOP_PATH_MAX + 8];
	struct stage_options options = {.dir = dir};

	snprintf(dir, sizeof(dir), "%s/nation", p->folder);
	stage_close(p->stage);
	p->stage = NULL;

	return stage_open(&options, &p->stage, problem);
}

enum err
prepared_found(struct prepared *p, struct problem *problem)
{
	enum err rc;

	rc = workshop_folder(p->folder, problem);
	if (rc == OK)
		rc = prepared_start(p, problem);
	if (rc == OK)
		stage_stop(p->stage);

	return rc;
}

enum err
prepared_open(int64_t residents, struct prepared *ret, struct problem *problem)
{
	enum err rc;

	*ret = (struct prepared){.residents = residents};
	rc = prepared_found(ret, problem);
	if (rc == OK)
		rc = fill(ret, problem);
	if (rc == OK)
		rc = prepared_start(ret, problem);

	return rc;
}

void
prepared_close(struct prepared *p)
{
	stage_close(p->stage);
	p->stage = NULL;
	if (p->folder[0] != '\0')
		workshop_remove(p->folder);
}

/* --- The kernel's memory of files ----------------------------------------- */

static enum err
remember_file(const char *path, struct problem *problem)
{
	char *block = heap_alloc(READ_BYTES);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	while (fd >= 0 && (n = read(fd, block, READ_BYTES)) > 0)
		;
	if (fd >= 0)
		close(fd);
	free(block);

	return n == 0 ? OK
		      : problem_set(problem, ERR_IO, "cannot read %s", path);
}

/* Only what is on the disk already can be forgotten. */
static enum err
forget_file(const char *path, struct problem *problem)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool done = fd >= 0 && fdatasync(fd) == 0 &&
	    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0;

	if (fd >= 0)
		close(fd);

	return done ? OK
		    : problem_set(problem, ERR_IO, "the kernel keeps %s", path);
}

enum err
prepared_remember(const struct prepared *p, enum prepared_memory memory,
    struct problem *problem)
{
	const struct nation *nation = p->stage->nation;
	struct buf path;
	enum err rc = OK;
	size_t i;

	buf_init(&path);
	for (i = 0; rc == OK && i < nation->config->n_systems; i++) {
		nation_system_path(&path, nation->dir,
		    &nation->config->systems[i].id, "data.sqlite");
		rc = memory == PREPARED_REMEMBERED
		    ? remember_file(path.data, problem)
		    : forget_file(path.data, problem);
	}
	buf_done(&path);

	return rc;
}

/* --- Asking -------------------------------------------------------------------- */

/* Bytes that a process has read from the disk; 0 if it is gone. */
static double
disk_of(pid_t pid)
{
	struct problem problem = {0};
	unsigned long long bytes = 0;
	const char *at;
	struct buf text;
	char path[40];

	snprintf(path, sizeof(path), "/proc/%ld/io", (long)pid);
	buf_init(&text);
	if (file_read(path, 4096, &text, &problem) == OK &&
	    (at = strstr(text.data, "read_bytes:")) != NULL &&
	    sscanf(at, "read_bytes: %llu", &bytes) != 1)
		bytes = 0;
	buf_done(&text);

	return (double)bytes;
}

struct prepared_cost
prepared_cost_so_far(const struct prepared *p)
{
	const struct config *c = p->stage->nation->config;
	struct prepared_cost sum = {.seconds = bench_seconds()};
	pid_t pid;
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		pid = stage_system_pid(p->stage, c->systems[i].id.text);
		sum.processor += bench_processor_of(pid);
		sum.disk += disk_of(pid);
	}

	return sum;
}

enum err
prepared_tally(
    const struct prepared *p, struct crypto_tally *ret, struct problem *problem)
{
	struct nation *nation = p->stage->nation;
	json_t *s = NULL;
	int status = 0;
	enum err rc = OK;
	size_t i;

	*ret = (struct crypto_tally){0};
	for (i = 0; rc == OK && i < nation->config->n_systems; i++) {
		rc = nation_call(nation, nation->config->systems[i].id.text,
		    HTTP_GET, "/status", NULL, &status, &s, problem);
		ret->signatures +=
		    json_integer_value(json_object_get(s, "signatures"));
		ret->verifications +=
		    json_integer_value(json_object_get(s, "verifications"));
		ret->seals += json_integer_value(json_object_get(s, "seals"));
		ret->openings +=
		    json_integer_value(json_object_get(s, "openings"));
		json_decref(s);
		s = NULL;
	}

	return rc;
}

static enum err
write_file(
    const struct prepared *p, const char *path, int n, struct problem *problem)
{
	struct random random = random_system();
	char bn[PREPARED_NUMBER_MAX];
	FILE *to = fopen(path, "w");
	int i;

	if (to == NULL)
		return problem_set(problem, ERR_IO, "cannot write %s", path);
	fprintf(to, "business_number,affair,item,provider\n");
	for (i = 0; i < n; i++) {
		prepared_business_number(
		    (int64_t)random_below(&random, (uint64_t)p->residents), bn);
		fprintf(to, "%s,106,local-tax," PROVIDER "\n", bn);
	}
	if (fclose(to))
		return problem_set(problem, ERR_IO, "cannot write %s", path);

	return OK;
}

/* Every line of the results, but the header, must be an answer. */
static enum err
check_results(const char *path, int n, struct problem *problem)
{
	struct slice rest, line;
	struct buf text;
	int received = 0;
	enum err rc;

	buf_init(&text);
	rc = file_read(path, 1u << 30, &text, problem);
	rest = buf_slice(&text);
	while (rc == OK && rest.data != NULL) {
		line = slice_cut(&rest, '\n');
		received +=
		    memmem(line.data, line.len, "\"received\"", 10) != NULL;
	}
	buf_done(&text);
	if (rc == OK && received != n)
		rc = problem_set(problem, ERR_CONFLICT,
		    "%d of %d inquiries were answered otherwise", n - received,
		    n);

	return rc;
}

enum err
prepared_inquire(struct prepared *p, int n, struct prepared_cost *ret,
    struct problem *problem)
{
	char path[WORKSHOP_PATH_MAX + 32], output[WORKSHOP_PATH_MAX + 32];
	struct inquire_options options = {.output = output,
	    .unit = "bench",
	    .quiet = true,
	    .patience_ms = PATIENCE_MS};
	struct inquire_totals totals = {0};
	struct prepared_cost before, after;
	enum err rc;

	snprintf(path, sizeof(path), "%s/ask-%d.csv", p->folder, ++p->n_files);
	snprintf(output, sizeof(output), "%s/answers.csv", p->folder);
	rc = write_file(p, path, n, problem);
	if (rc)
		return rc;
	before = prepared_cost_so_far(p);
	rc = inquire_file(p->stage->nation, INQUIRER "/offices", path, &options,
	    &totals, problem);
	after = prepared_cost_so_far(p);
	*ret = (struct prepared_cost){.seconds = after.seconds - before.seconds,
	    .processor = after.processor - before.processor,
	    .disk = after.disk - before.disk};
	if (rc == OK)
		rc = check_results(output, n, problem);

	return rc;
}
