#include "host/metrics.h"

#include <inttypes.h>
#include <string.h>

/* Figures that only rise until the process ends; all others are levels. */
static bool
is_counter(const char *name)
{
	static const char *const names[] = {"requests", "messages", "denied",
	    "batches", "repeated", "turned_away", "signatures", "verifications",
	    "seals", "openings"};
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
add_label(struct buf *to, const char *name, const char *value)
{
	buf_printf(to, "%s=\"", name);
	for (; *value != '\0'; value++) {
		if (*value == '\n') {
			buf_add_string(to, "\\n");
			continue;
		}
		if (*value == '\\' || *value == '"')
			buf_add_char(to, '\\');
		buf_add_char(to, *value);
	}
	buf_add_char(to, '"');
}

static void
add_figures(const json_t *status, struct buf *to)
{
	bool counter;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)status, key, value)
	{
		if (!json_is_integer(value))
			continue;
		counter = is_counter(key);
		add_type(to, key, counter);
		buf_printf(to, "bango_%s%s %" JSON_INTEGER_FORMAT "\n", key,
		    counter ? "_total" : "", json_integer_value(value));
	}
}

static void
add_counts(const json_t *counts, struct buf *to)
{
	const char *key;
	json_t *value;

	if (json_object_size(counts) == 0)
		return;
	add_type(to, "count", false);
	json_object_foreach((json_t *)(uintptr_t)counts, key, value)
	{
		buf_add_string(to, "bango_count{");
		add_label(to, "what", key);
		buf_printf(to, "} %" JSON_INTEGER_FORMAT "\n",
		    json_integer_value(value));
	}
}

static void
add_waiting(
    const json_t *waiting, const char *member, const char *name, struct buf *to)
{
	const json_t *row;
	size_t i;

	if (json_array_size(waiting) == 0)
		return;
	add_type(to, name, false);
	json_array_foreach(waiting, i, row)
	{
		buf_printf(to, "bango_%s{", name);
		add_label(to, "peer",
		    json_string_value(json_object_get(row, "peer")));
		buf_printf(to, "} %" JSON_INTEGER_FORMAT "\n",
		    json_integer_value(json_object_get(row, member)));
	}
}

void
metrics_write(const json_t *status, struct buf *ret)
{
	const json_t *waiting = json_object_get(status, "waiting");

	add_type(ret, "info", false);
	buf_add_string(ret, "bango_info{");
	add_label(ret, "system",
	    json_string_value(json_object_get(status, "system")));
	buf_add_char(ret, ',');
	add_label(ret, "version",
	    json_string_value(json_object_get(status, "version")));
	buf_add_string(ret, "} 1\n");
	add_figures(status, ret);
	add_counts(json_object_get(status, "counts"), ret);
	add_waiting(waiting, "messages", "outbox_messages", ret);
	add_waiting(waiting, "oldest_seconds", "outbox_oldest_seconds", ret);
}
