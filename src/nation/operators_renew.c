/* Renewing the certificates of holders: the same key and the same duties. */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "nation/operators_internal.h"

#define SLACK_MS (3600 * 1000) /* clocks differ */

static enum err
reissue(const struct operators_renewal *o, const struct holder *h,
    struct slice old, struct buf *ret)
{
	char organisation[SYSTEM_ID_MAX + 1];
	const struct organisation_config *of;
	struct certificate_request request = {
	    .not_before = instant_plus(o->now, -SLACK_MS),
	    .not_after = o->until};
	struct buf name;
	enum err rc;

	snprintf(organisation, sizeof(organisation), "%.*s",
	    SLICE_ARG(h->organisation));
	of = config_organisation(o->config, organisation);
	request.organisation =
	    of != NULL ? slice_of(of->name) : h->organisation;
	buf_init(&name);
	buf_printf(
	    &name, "%.*s:%.*s", SLICE_ARG(h->organisation), SLICE_ARG(h->name));
	request.common_name = buf_slice(&name);
	rc = authority_reissue(o->ca, &request, old, ret);
	buf_done(&name);

	return rc;
}

/* A holder may have taken the folder away: the list has the certificate, too. */
static enum err
save_certificate(const struct operators_renewal *o, const struct holder *h,
    struct slice pem, struct problem *problem)
{
	struct buf path;
	enum err rc = OK;

	buf_init(&path);
	operators_folder(&path, o->dir, h->organisation, h->name);
	if (access(path.data, F_OK) == 0) {
		buf_add_string(&path, "/cert.pem");
		rc = file_replace(path.data, pem, 0644, problem);
	}
	buf_done(&path);

	return rc;
}

/* The certificate's file first: the list alone says what is due. */
static enum err
renew_entry(const struct operators_renewal *o, json_t *entry,
    const struct holder *h, struct problem *problem)
{
	char until[INSTANT_TEXT_MAX];
	struct slice old = {0};
	struct buf pem;
	enum err rc;

	TRY(json_get_text(entry, "certificate", &old, problem));
	buf_init(&pem);
	rc = reissue(o, h, old, &pem);
	if (rc)
		rc = problem_set(problem, rc,
		    "the certificate of %.*s:%.*s cannot be renewed",
		    SLICE_ARG(h->organisation), SLICE_ARG(h->name));
	instant_format(o->until, until);
	buf_printf(o->told, "%.*s:%.*s: certificate and duties until %s\n",
	    SLICE_ARG(h->organisation), SLICE_ARG(h->name), until);
	if (rc == OK)
		rc = save_certificate(o, h, buf_slice(&pem), problem);
	if (rc == OK) {
		json_put_text(entry, "certificate", buf_slice(&pem));
		json_put_text(entry, "until", slice_of(until));
	}
	buf_done(&pem);

	return rc;
}

static bool
is_due(const struct operators_renewal *o, const struct holder *h,
    size_t *ret_ended)
{
	if (h->revoked.ms != 0 || h->until.ms - o->now.ms > o->before_ms ||
	    o->until.ms - h->until.ms < o->before_ms ||
	    (o->organisation != NULL &&
		!slice_equal_string(h->organisation, o->organisation)))
		return false;
	if (h->until.ms > o->now.ms || o->ended)
		return true;
	buf_printf(o->told, "%.*s:%.*s: the duties have ended: not renewed\n",
	    SLICE_ARG(h->organisation), SLICE_ARG(h->name));
	(*ret_ended)++;

	return false;
}

static enum err
renew_all(const struct operators_renewal *o, const json_t *document,
    size_t *ret_n, size_t *ret_ended, struct problem *problem)
{
	const json_t *list = json_object_get(document, "operators"), *duties;
	struct holder h;
	json_t *entry;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)list, i, entry)
	{
		h = (struct holder){0};
		TRY(operators_read_entry(entry, &duties, &h, problem));
		if (!is_due(o, &h, ret_ended))
			continue;
		TRY(renew_entry(o, entry, &h, problem));
		(*ret_n)++;
	}

	return OK;
}

enum err
operators_renew(const struct operators_renewal *renewal, size_t *ret_n,
    size_t *ret_ended, struct problem *problem)
{
	json_t *document = NULL;
	size_t n = 0;
	enum err rc;

	TRY(operators_read(renewal->dir, &document, problem));
	rc = renew_all(renewal, document, &n, ret_ended, problem);
	if (rc == OK && n > 0)
		rc = operators_save(renewal->dir, document, problem);
	json_decref(document);
	*ret_n += n;

	return rc;
}
