/* The figures of /status, in a format for monitoring systems. */
#include <string.h>

#include "host/status.h"

/* Counters only rise until the process ends; all other figures are gauges. */
static bool
is_counter(const char *name)
{
	static const char *const names[] = {"requests", "messages", "denied",
	    "left_out", "put_off", "batches", "repeated", "turned_away",
	    "signatures", "verifications", "seals", "openings"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}

	return false;
}

static void
add_type(struct buf *to, const char *name, bool counter)
{
	buf_printf(to, "# TYPE bango_%s%s %s\n", name, counter ? "_total" : "",
	    counter ? "counter" : "gauge");
}

/* Backslash, quote and line feed are escaped in a label's value. */
static void
add_label(struct buf *to, const char *name, struct slice value)
{
	size_t i;

	buf_printf(to, "%s=\"", name);
	for (i = 0; i < value.len; i++) {
		if (value.data[i] == '\n') {
			buf_add_string(to, "\\n");
			continue;
		}
		if (value.data[i] == '\\' || value.data[i] == '"')
			buf_add_char(to, '\\');
		buf_add_char(to, value.data[i]);
	}
	buf_add_char(to, '"');
}

static void
add_figure(struct buf *to, const char *name, int64_t value)
{
	bool counter = is_counter(name);

	add_type(to, name, counter);
	buf_printf(to, "bango_%s%s %lld\n", name, counter ? "_total" : "",
	    (long long)value);
}

static void
add_counts(const struct counting *counts, struct buf *to)
{
	size_t i;

	if (counts->n > 0)
		add_type(to, "count", false);
	for (i = 0; i < counts->n; i++) {
		buf_add_string(to, "bango_count{");
		add_label(to, "what", slice_of(counts->all[i].name));
		buf_printf(to, "} %lld\n", (long long)counts->all[i].value);
	}
}

static void
add_waiting(struct buf *to, const char *name, const struct system_id *peer,
    int64_t value)
{
	buf_printf(to, "bango_%s{", name);
	add_label(to, "peer", slice_of(peer->text));
	buf_printf(to, "} %lld\n", (long long)value);
}

static void
add_all_waiting(const struct status *s, struct buf *to)
{
	size_t i;

	if (s->n_waiting == 0)
		return;
	add_type(to, "outbox_messages", false);
	for (i = 0; i < s->n_waiting; i++)
		add_waiting(to, "outbox_messages", &s->waiting[i].peer,
		    s->waiting[i].messages);
	add_type(to, "outbox_oldest_seconds", false);
	for (i = 0; i < s->n_waiting; i++)
		add_waiting(to, "outbox_oldest_seconds", &s->waiting[i].peer,
		    s->waiting[i].oldest_seconds);
}

static void
add_ends(const struct status *s, struct buf *to)
{
	const struct status_end *e;

	if (s->n_ends > 0)
		add_type(to, "ends_in_seconds", false);
	for (e = s->ends; e < s->ends + s->n_ends; e++) {
		buf_add_string(to, "bango_ends_in_seconds{");
		add_label(to, "what", slice_of(e->what));
		buf_printf(to, "} %lld\n",
		    (long long)((e->at.ms - s->time.ms) / 1000));
	}
}

void
status_write_metrics(const struct status *s, struct buf *ret)
{
	size_t i;

	add_type(ret, "info", false);
	buf_add_string(ret, "bango_info{");
	add_label(ret, "system", s->system);
	buf_add_char(ret, ',');
	add_label(ret, "version", s->version);
	buf_add_string(ret, "} 1\n");
	for (i = 0; i < s->figures.n; i++)
		add_figure(
		    ret, s->figures.all[i].name, s->figures.all[i].value);
	add_figure(ret, "refused", s->refused);
	add_figure(ret, "write_failed", s->last_write != OK);
	add_figure(ret, "halted", !slice_is_empty(s->halted));
	if (!slice_is_empty(s->sandbox))
		add_figure(ret, "sandbox",
		    slice_equal_string(s->sandbox, SANDBOX_COMPLETE));
	add_counts(&s->counts, ret);
	add_all_waiting(s, ret);
	add_ends(s, ret);
}
