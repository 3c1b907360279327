#include "bench/raw.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "bench/bench.h"
#include "bench/prepared.h"
#include "host_rows.h"
#include "jukinet_rows.h"
#include "nation/systems.h"
#include "registry_rows.h"

#define REGISTRY "012041/registry"
#define PART 4000 /* residents a commit: an import has about as many */

struct resident_rows {
	struct resident_id id;
	struct registry_resident_get_row record;
	struct registry_assignment_get_row assignment;
};

struct raw {
	struct filler source;             /* the registry that was imported */
	struct store *registry, *jukinet; /* new ones */
	struct arena *arena;              /* of a part */
	struct resident_rows rows[PART];
	char folder[WORKSHOP_PATH_MAX];
	struct problem *problem;
};

/* --- Opening ------------------------------------------------------------------ */

static enum err
open_new(const struct raw *r, const char *name, struct store **ret)
{
	struct clock clock = clock_system();
	struct store_options options = {.now = clock.now(clock.state)};
	char path[WORKSHOP_PATH_MAX + 24];

	snprintf(path, sizeof(path), "%s/%s.sqlite", r->folder, name);

	return system_open_store(
	    system_find(slice_of(name)), path, &options, ret, r->problem);
}

static enum err
open_all(struct raw *r, const char *nation_dir)
{
	enum err rc;

	rc = workshop_folder(r->folder, r->problem);
	if (rc == OK)
		rc = open_new(r, "registry", &r->registry);
	if (rc == OK)
		rc = open_new(r, "jukinet", &r->jukinet);
	if (rc == OK)
		rc = filler_open(&r->source, nation_dir, REGISTRY, r->problem);

	return rc;
}

static enum err
close_all(struct raw *r, enum err rc)
{
	rc = filler_close(&r->source, rc);
	store_close(r->registry);
	store_close(r->jukinet);
	if (r->folder[0] != '\0')
		workshop_remove(r->folder);

	return rc;
}

/* --- Rows ---------------------------------------------------------------------- */

static enum err
read_part(struct raw *r, int64_t first)
{
	struct store *from = r->source.store;
	struct resident_rows *row;
	enum err rc = OK;
	int64_t i;

	arena_reset(r->arena);
	for (i = 0; rc == OK && i < PART; i++) {
		row = &r->rows[i];
		row->id.value = first + i;
		rc = registry_resident_get(
		    from, r->arena, row->id, &row->record);
		if (rc == OK)
			rc = registry_assignment_get(from, r->arena, row->id,
			    row->record.assignment, &row->assignment);
	}

	return rc;
}

static enum err
audit(struct store *store, struct slice action)
{
	return host_audit_put(store,
	    &(struct host_audit_put){.at = {1},
		.actor = SLICE("operator"),
		.action = action,
		.subject = SLICE("000000000000001"),
		.basis = SLICE("住民基本台帳法5条"),
		.request = SLICE("00000000000000000000000000000001")});
}

static enum err
write_record(struct raw *r, const struct resident_rows *row)
{
	const struct registry_resident_get_row *v = &row->record;
	const struct registry_version_add version = {.resident = row->id,
	    .version = v->version,
	    .event = v->event,
	    .event_date = v->event_date,
	    .recorded_at = v->recorded_at,
	    .recorded_by = v->recorded_by,
	    .household = v->household,
	    .relation = v->relation,
	    .name = v->name,
	    .kana = v->kana,
	    .former_surname = v->former_surname,
	    .alias = v->alias,
	    .birth = v->birth,
	    .sex = v->sex,
	    .postal_code = v->postal_code,
	    .address = v->address,
	    .became = v->became,
	    .reason = v->reason,
	    .nationality = v->nationality,
	    .status = v->status,
	    .status_until = v->status_until};
	enum err rc;

	rc = registry_resident_add(r->registry, row->id, v->birth, NULL);
	if (rc == OK)
		rc = registry_version_add(r->registry, &version);
	if (rc == OK)
		rc = audit(r->registry, SLICE("resident.import"));

	return rc;
}

static enum err
write_number(struct raw *r, const struct resident_rows *row)
{
	const struct registry_assignment_get_row *a = &row->assignment;
	const struct registry_assignment_add assignment = {.resident = row->id,
	    .serial = row->record.assignment,
	    .number = &a->number,
	    .version = a->version,
	    .assigned_at = a->assigned_at,
	    .reason = a->reason};
	enum err rc;

	rc = registry_resident_requested(
	    r->registry, &row->record.code, row->id);
	if (rc == OK)
		rc = registry_assignment_add(r->registry, &assignment);
	if (rc == OK)
		rc = registry_resident_numbered(
		    r->registry, row->record.assignment, row->id);
	if (rc == OK)
		rc = audit(r->registry, SLICE("number.assign"));

	return rc;
}

static enum err
write_person(struct raw *r, const struct resident_rows *row)
{
	const struct registry_resident_get_row *v = &row->record;
	const struct jukinet_person_add person = {.serial = {row->id.value},
	    .municipality = SLICE("012041"),
	    .epoch = 1,
	    .name = v->name,
	    .kana = v->kana,
	    .birth = v->birth,
	    .sex = v->sex,
	    .address = v->address,
	    .former_surname = v->former_surname,
	    .alias = v->alias,
	    .event = v->event,
	    .event_date = v->event_date,
	    .updated = v->recorded_at};
	enum err rc = jukinet_person_add(r->jukinet, &person);

	return rc ? rc : audit(r->jukinet, SLICE("number.generate"));
}

/* --- Measuring ------------------------------------------------------------------ */

/* One part in one transaction. */
static enum err
write_part(struct raw *r, struct store *to,
    enum err (*write)(struct raw *r, const struct resident_rows *row),
    struct raw_cost *cost)
{
	double seconds = bench_seconds(), processor = bench_processor();
	enum err rc = store_begin(to);
	int i;

	for (i = 0; rc == OK && i < PART; i++)
		rc = write(r, &r->rows[i]);
	if (rc == OK)
		rc = store_commit(to);
	if (rc)
		*r->problem = *store_problem(to);
	cost->seconds += bench_seconds() - seconds;
	cost->processor += bench_processor() - processor;

	return rc;
}

static void
divide(struct raw_cost *cost, int64_t n)
{
	cost->seconds /= (double)n;
	cost->processor /= (double)n;
}

enum err
raw_measure(const char *nation_dir, int64_t n, struct raw_cost *ret_import,
    struct raw_cost *ret_numbering, struct problem *problem)
{
	struct raw *r = heap_array(1, sizeof(*r));
	struct raw_cost import = {0}, numbering = {0};
	int64_t done = 0;
	enum err rc;

	r->arena = arena_new();
	r->problem = problem;
	rc = open_all(r, nation_dir);
	for (; rc == OK && done + PART <= n; done += PART) {
		rc = read_part(r, done + 1);
		if (rc == OK)
			rc = write_part(r, r->registry, write_record, &import);
		if (rc == OK)
			rc = write_part(
			    r, r->registry, write_number, &numbering);
		if (rc == OK)
			rc =
			    write_part(r, r->jukinet, write_person, &numbering);
	}
	rc = close_all(r, rc);
	divide(&import, done);
	divide(&numbering, done);
	arena_free(r->arena);
	free(r);
	*ret_import = import;
	*ret_numbering = numbering;

	return rc;
}
