/*
 * An archive of evidence, judged: the anchor's PEM, and the archive behind it.
 *
 * Besides not crashing: an archive either holds with a story to tell, or there
 * is a finding that does not; and written again in another layout it is judged
 * the same.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "evidence/evidence.h"
#include "evidence/evidence_tell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define END "-----END CERTIFICATE-----\n"

static bool
judge(struct slice archive, struct slice anchor)
{
	struct arena *arena = arena_new();
	struct evidence found;
	struct buf story;
	bool holds = true;
	size_t i;

	buf_init(&story);
	evidence_judge(arena, archive, anchor, &found);
	for (i = 0; i < found.n_findings; i++)
		holds = holds && found.findings[i].holds;
	assert(found.n_findings > 0 && holds == found.holds);
	if (holds) {
		assert(!slice_is_empty(found.story.witness));
		evidence_tell(&found.story, &story);
		assert(story.len > 0);
	}
	buf_done(&story);
	arena_free(arena);

	return holds;
}

static bool
judge_rewritten(struct slice archive, struct slice anchor)
{
	json_t *document = NULL;
	char *text;
	bool holds;

	if (json_read(archive, "archive", &document, NULL))
		return false;
	text = json_dumps(document, JSON_INDENT(3) | JSON_ENSURE_ASCII);
	holds = judge(slice_of(text), anchor);
	free(text);
	json_decref(document);

	return holds;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = slice_bytes(data, size), anchor, archive;
	const char *at =
	    size == 0 ? NULL : memmem(data, size, END, strlen(END));
	size_t head = at == NULL ? 0 : (size_t)(at - all.data) + strlen(END);

	anchor = slice_bytes(all.data, head);
	archive = slice_bytes(all.data + head, size - head);
	assert(judge(archive, anchor) == judge_rewritten(archive, anchor));

	return 0;
}
