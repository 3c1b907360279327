#include "lab/demo/demo_proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/file.h"
#include "evidence/evidence.h"
#include "nation/evidence_export.h"

#define INQUIRER "131041/relay"
#define ANSWER "answer.sealed"
#define PATIENCE_MS 60000
#define NOT_INSTALLED 127

struct proving {
	const char *dir;
	struct auditing *auditing;
	struct arena *arena;
	json_t *archive;
	struct problem *problem;
};

static enum err
put(struct proving *p, const char *name, struct slice content)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	buf_printf(&path, "%s/proof/%s", p->dir, name);
	rc = file_replace(path.data, content, 0600, p->problem);
	buf_done(&path);

	return rc;
}

/* --- Our own judgement --------------------------------------------------- */

static enum err
judge(struct proving *p, struct slice archive)
{
	struct arena *arena = arena_new();
	struct evidence found;
	struct buf anchor;
	enum err rc;

	buf_init(&anchor);
	rc = auditing_anchor(p->auditing, &anchor, p->problem);
	if (rc == OK) {
		evidence_judge(arena, archive, buf_slice(&anchor), &found);
		if (!found.holds)
			rc = problem_set(p->problem, ERR_CRYPTO,
			    "the evidence does not hold; see `bango evidence "
			    "verify`");
		else
			printf("   bango evidence verify: %zu findings, all "
			       "hold\n",
			    found.n_findings);
	}
	buf_done(&anchor);
	arena_free(arena);

	return rc;
}

static enum err export(struct proving *p, struct slice inquiry) {
	struct evidence_wish wish = {.exchange = inquiry,
	    .patience_ms = PATIENCE_MS};
	struct buf text;
	char * json;
	enum err rc;

	if (system_id_parse(SLICE(INQUIRER), &wish.holder)) abort();
	rc = evidence_export(p->auditing, &wish, &p->archive, p->problem);
	if (rc) return rc;
	buf_init(&text);
	json = json_dumps(p->archive, JSON_INDENT(1));
	buf_add_string(&text, json);
	free(json);
	printf("   bango evidence export: the messages about that inquiry, as "
	       "Asahikawa, the network and we have signed them\n");
	rc = put(p, "archive.json", buf_slice(&text));
	if (rc == OK) rc = judge(p, buf_slice(&text));
	buf_done(&text);

	return rc;
}

/* --- For foreign programs ------------------------------------------------ */

/* The message with the answer, and its sender. */
static enum err
find_answer(
    struct proving *p, const json_t **ret, struct envelope *ret_envelope)
{
	const json_t *message;
	struct slice text = {0};
	size_t i;

	json_array_foreach(json_object_get(p->archive, "messages"), i, message)
	{
		if (json_get_text(message, "envelope", &text, p->problem) ||
		    envelope_read(p->arena, text, ret_envelope, p->problem))
			return p->problem->err;
		if (slice_equal_string(ret_envelope->type, ANSWER)) {
			*ret = message;
			return OK;
		}
	}

	return problem_set(
	    p->problem, ERR_NOT_FOUND, "the archive has no answer");
}

/* answer.json, waybill.jws, certificate.pem and key.jwk. */
static enum err
write_parts(struct proving *p)
{
	struct envelope e = {0};
	const json_t *message = NULL, *certificates;
	struct slice text = {0}, newest = {0};
	struct buf jwk;
	enum err rc;

	rc = find_answer(p, &message, &e);
	if (rc)
		return rc;
	buf_init(&jwk);
	rc = json_get_text(message, "envelope", &text, p->problem);
	if (rc == OK)
		rc = put(p, "answer.json", text);
	if (rc == OK)
		rc = json_get_text(message, "waybill", &text, p->problem);
	if (rc == OK)
		rc = put(p, "waybill.jws", text);
	certificates = json_object_get(
	    json_object_get(p->archive, "certificates"), e.from.text);
	if (rc == OK)
		rc = json_at_text(
		    certificates, json_array_size(certificates) - 1, &newest);
	if (rc == OK)
		rc = put(p, "certificate.pem", newest);
	json_write(auditing_key(p->auditing, slice_of(e.from.text)), &jwk);
	if (rc == OK)
		rc = put(p, "key.jwk", buf_slice(&jwk));
	buf_done(&jwk);

	return rc;
}

/* --- Foreign programs ---------------------------------------------------- */

static const char *const commands[] = {
    /* The authority certifies that the key is Asahikawa's. */
    "openssl verify -CAfile ../ca/ca.pem certificate.pem",
    /* The key signed the waybill. */
    "jose jws ver -i waybill.jws -k key.jwk -O listed.json && echo signed",
    /* The waybill lists the answer. */
    ("grep -o -e \"$(openssl dgst -sha256 -binary answer.json | "
     "basenc --base64url | tr -d =)\" listed.json"),
};

/* In DIR/proof; its exit status. */
static int
run(const char *command)
{
	char line[160] = "";
	struct buf text;
	int status;
	FILE *f;

	buf_init(&text);
	buf_printf(&text, "{ cd \"$BANGO_PROOF\" && %s; } 2>&1", command);
	fflush(stdout);
	f = popen(text.data, "r");
	buf_done(&text);
	if (f == NULL)
		return NOT_INSTALLED;
	if (fgets(line, sizeof(line), f) != NULL)
		line[strcspn(line, "\n")] = '\0';
	while (fgetc(f) != EOF)
		;
	status = pclose(f);
	printf("   $ %s\n     %s\n", command, line);

	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static enum err
ask_others(struct proving *p)
{
	int status;
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		status = run(commands[i]);
		if (status == NOT_INSTALLED)
			printf("     (left out: not installed here)\n");
		else if (status != 0)
			return problem_set(p->problem, ERR_CRYPTO,
			    "a foreign program says no: %s", commands[i]);
	}

	return OK;
}

static enum err
make_folder(struct proving *p)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	buf_printf(&path, "%s/proof", p->dir);
	rc = folder_make(path.data, 0700, p->problem);
	if (rc == OK && setenv("BANGO_PROOF", path.data, 1))
		rc = ERR_INTERNAL;
	buf_done(&path);

	return rc;
}

enum err
demo_proof(const char *dir, struct slice inquiry, struct problem *problem)
{
	struct proving p = {
	    .arena = arena_new(), .dir = dir, .problem = problem};
	enum err rc;

	rc = make_folder(&p);
	if (rc == OK)
		rc = auditing_open(dir, &p.auditing, problem);
	if (rc == OK)
		rc = export(&p, inquiry);
	if (rc == OK)
		rc = write_parts(&p);
	if (rc == OK)
		rc = ask_others(&p);
	json_decref(p.archive);
	auditing_close(p.auditing);
	arena_free(p.arena);

	return rc;
}
